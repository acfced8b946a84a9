/** The type and the status of answers, by what clients say that they take. */
import { expect } from 'vitest';
import { createAttack } from '../support/attack.ts';
import type { Send } from '../support/attack-world.ts';

const attack = createAttack({ dev: true, config: { limits: { maxDocumentBytes: 2_000 } } });
const attackClosed = createAttack({ dev: false, config: { persisted: { policy: 'measure' } } });

const graphqlResponse = 'application/graphql-response+json';
const post = (query: string, variables?: object): Send => ({ body: { query, variables } });

for (const [what, send, status, code] of [
  ['a wrong type', { headers: { 'content-type': 'text/plain' }, body: '{}' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['a body that is no JSON', { body: '{' }, 400, 'BAD_REQUEST'],
  ['a wrong method', { method: 'PUT' }, 405, 'METHOD_NOT_ALLOWED'],
  ['an address where nothing is', { path: '/nothing', body: {} }, 404, 'NOT_FOUND'],
  ['a document that is too long', post(`{docs{id}}${'#'.repeat(2_000)}`), 400, 'LIMIT_EXCEEDED'],
  ['a forbidden field', post('{admin{id}}'), 401, 'UNAUTHENTICATED'],
] as const) {
  for (const [accept, type] of [
    [graphqlResponse, graphqlResponse],
    [`application/json;q=0.5, ${graphqlResponse};q=0.4`, 'application/json'],
    [`*/*, ${graphqlResponse}`, graphqlResponse],
    ['*/*', 'application/json'],
  ] as const) {
    attack('H-18', `${what} is answered as ${type} to whoever accepts ${accept}`, {
      send: { ...send, headers: { ...('headers' in send && send.headers), accept } },
      expect: { status, code, fetches: 0 },
      also: ({ headers }) => expect(headers['content-type']).toBe(`${type}; charset=utf-8`),
    });
  }
}

const faulty = [
  ['a document that cannot be read', post('{'), 'GRAPHQL_PARSE_FAILED'],
  ['a document that does not fit', post('{nothing}'), 'GRAPHQL_VALIDATION_FAILED'],
  ['variables that do not fit', post('query($n:Int!){users(first:$n){id}}', { n: 'x' }), 'BAD_USER_INPUT'],
] as const;

for (const [what, send, code] of faulty) {
  attack('H-18', `with --dev ${what}: status 200 for whoever knows only application/json`, {
    send: { ...send, headers: { accept: 'application/json' } },
    expect: { status: 200, code, fetches: 0 },
  });

  for (const accept of ['*/*', graphqlResponse, `application/json, ${graphqlResponse}`]) {
    attack('H-18', `with --dev ${what}: status 400 for whoever accepts ${accept}`, {
      send: { ...send, headers: { accept } },
      expect: { status: 400, code, fetches: 0 },
    });
  }

  attackClosed('H-18', `without --dev ${what}: status 400 for everyone`, {
    send: { ...send, headers: { accept: 'application/json' } },
    expect: { status: 400, code, fetches: 0 },
  });
}

for (const [what, send, status, code] of [
  ['a limit', post(`{docs{id}}${'#'.repeat(2_000)}`), 400, 'LIMIT_EXCEEDED'],
  [
    'too many aliases',
    post(`{${Array.from({ length: 40 }, (_, i) => `a${i}:__typename`).join(' ')}}`),
    400,
    'LIMIT_EXCEEDED',
  ],
  ['the price', post('{users(first:100000){id}}'), 400, 'COST_LIMIT_EXCEEDED'],
  ['a body that is no request', { body: {} }, 400, 'BAD_REQUEST'],
  ['the rules', post('{admin{id}}'), 401, 'UNAUTHENTICATED'],
] as const) {
  attack('H-18', `a refusal for ${what} has its status for whoever knows only application/json, too`, {
    send: { ...send, headers: { accept: 'application/json' } },
    expect: { status, code, fetches: 0 },
  });
}
