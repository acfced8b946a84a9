/** Attempts to learn what is not told: what the schema hides, what subgraphs say among themselves, how the gateway is built. */
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { createAttack } from '../support/attack.ts';
import type { Send } from '../support/attack-world.ts';
import { answering } from '../support/misbehaviours.ts';

const attack = createAttack({ dev: true });

const post = (query: string, variables: object = {}): Send => ({ body: { query, variables } });
const invalid = { status: 400, code: 'GRAPHQL_VALIDATION_FAILED', fetches: 0 };
const badInput = { status: 400, code: 'BAD_USER_INPUT', fetches: 0 };
const notFound = { status: 404, code: 'NOT_FOUND', fetches: 0 };

for (const [what, query] of [
  ['field', '{ usr(id: 1) { id } }'],
  ['field that is hidden', '{ me { hiden hidden } }'],
  ['argument', '{ user(di: 1) { id } }'],
  ['enum value', '{ users(role: HIHG) { id } }'],
  ['input field', '{ account(where: { di: 1 }) { id } }'],
  ['type', '{ user(id: 1) { ... on Usr { id } } }'],
  ['type of a variable', 'query ($w: AccountFiltr) { account(where: $w) { id } }'],
  ['directive', '{ user(id: 1) @incldue(if: true) { id } }'],
  ['field of a union', '{ media { title } }'],
  ['field of an interface', '{ node(id: 1) { name } }'],
  ['fragment', '{ docs { ...Fields } } fragment Feilds on Doc { id }'],
] as const) {
  attack('L-01', `a misspelt ${what} brings no suggestion`, { send: post(query), expect: invalid });
}

for (const [what, query, variables] of [
  ['enum value', 'query ($r: Level) { users(role: $r) { id } }', { r: 'HIHG' }],
  ['input field', 'query ($w: AccountFilter) { account(where: $w) { id } }', { w: { di: 1 } }],
  [
    'input field of the right sort',
    'query ($w: AccountFilter) { account(where: $w) { id } }',
    { w: { idd: 1 } },
  ],
] as const) {
  attack('L-01', `a misspelt ${what} in a variable brings no suggestion`, {
    send: post(query, variables),
    expect: badInput,
  });
}

const telling = {
  message: 'duplicate key value violates unique constraint "users_pkey": SELECT * FROM users',
  path: ['user'],
  extensions: {
    code: 'SQL_ERROR',
    exception: { stacktrace: ['Error: no', '    at query (/app/users.js:1:1)'] },
    serviceName: 'users',
    sql: 'SELECT * FROM users',
  },
};
attack('L-02', 'an error of a subgraph with SQL and a stack comes out with a code alone', {
  subgraphs: { users: answering({ data: { user: null }, errors: [telling] }) },
  send: post('{ user(id: "1") { id } }'),
  expect: { status: 200, code: 'SUBGRAPH_ERROR', fetches: 1, data: { user: null } },
  also: ({ json, text }, world) => {
    expect(json?.errors).toEqual([
      {
        message: 'A part of the answer failed.',
        path: ['user'],
        extensions: { code: 'SUBGRAPH_ERROR', userMessage: '部分内容暂时无法显示' },
      },
    ]);
    expect(text).not.toMatch(/SELECT|users_pkey/);
    expect(JSON.stringify(world.gateway.log())).toContain('users_pkey');
  },
});

attack('L-02', 'an error that is meant for clients keeps its text, not what else it carries', {
  subgraphs: {
    users: answering({
      data: { user: null },
      errors: [
        {
          message: 'no such user',
          path: ['user'],
          extensions: { code: 'NOT_FOUND', sql: 'SELECT', userMessage: 'x' },
        },
      ],
    }),
  },
  send: post('{ user(id: "1") { id } }'),
  expect: { status: 200, code: 'NOT_FOUND', fetches: 1, data: { user: null } },
  also: ({ json }) =>
    expect(json?.errors).toEqual([
      {
        message: 'no such user',
        path: ['user'],
        extensions: { code: 'NOT_FOUND', userMessage: '内容不存在' },
      },
    ]),
});

describe.each(['production', 'development'])('with NODE_ENV=%s', (nodeEnv) => {
  const before = process.env.NODE_ENV;
  beforeAll(() => {
    process.env.NODE_ENV = nodeEnv;
  });
  afterAll(() => {
    process.env.NODE_ENV = before;
  });
  const attackThere = createAttack({ dev: true });

  for (const headers of [
    { 'apollo-query-plan-experimental': '1', 'apollo-query-plan-experimental-format': 'internal' },
    { 'apollo-federation-include-trace': 'ftv1' },
    { 'apollo-expose-query-plan': 'true' },
    { 'x-debug': '1', 'x-apollo-tracing': '1', 'graphql-debug': '1' },
  ] as Record<string, string>[]) {
    attackThere('L-04', `${Object.keys(headers).join(' and ')} change nothing`, {
      send: { ...post('{ user(id: "1") { id } }'), headers },
      expect: { status: 200, fetches: 1 },
      also: ({ json }, world) => {
        expect(json).toEqual({ data: { user: { id: '1' } } });
        const received = world.subgraph('users').received.at(-1);
        for (const name of Object.keys(headers)) expect(received?.headers).not.toHaveProperty(name);
      },
    });
  }

  attackThere('L-04', 'a fault shows no stack', {
    send: post('{ media { ... on Clip { seconds } } }'),
    expect: { status: 503, code: 'AUTHORIZATION_UNAVAILABLE', fetches: 0 },
    also: ({ text }) => expect(text).not.toContain('role service'),
  });
});

for (const [method, path] of [
  ['GET', '/'],
  ['GET', '/unknown'],
  ['GET', '/graphql/'],
  ['GET', '/graphql/unknown'],
  ['GET', '/%zz'],
  ['GET', '/..%2f..%2fetc/passwd'],
  ['GET', '/health/ready'],
  ['GET', '/metrics'],
  ['GET', '/auth/wechat/login'],
  ['PUT', '/auth/wechat/login'],
  ['OPTIONS', '/unknown'],
  ['TRACE', '/graphql'],
  ['PROPFIND', '/graphql'],
] as const) {
  attack('L-09', `${method} ${path} finds nothing`, { send: { method, path }, expect: notFound });
}

for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
  attack('L-09', `${method} is not the method of the endpoint`, {
    send: { method },
    expect: { status: 405, code: 'METHOD_NOT_ALLOWED', fetches: 0 },
    also: ({ headers }) => expect(headers.allow).toBe('GET, POST'),
  });
}
