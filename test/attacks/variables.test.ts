/** Attacks by the JSON of a request: what is too much, too deep or could be read in two ways is never built. */
import { expect } from 'vitest';
import { createAttack } from '../support/attack.ts';

const attack = createAttack({ dev: true, config: { limits: { maxBodyBytes: 2_097_152 } } });

const refused = { status: 400, code: 'LIMIT_EXCEEDED', fetches: 0 };
const badInput = { status: 400, code: 'BAD_USER_INPUT', fetches: 0 };
const query =
  'query($id: ID, $ids: [ID!], $n: Int) { account(id: $id, ids: $ids) { id } users(first: $n) { id } }';
/** The variables are written as they are. */
const withVariables = (variables: string) => ({
  body: `{"query":${JSON.stringify(query)},"variables":${variables}}`,
});
const times = (count: number, item: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => item(index)).join();

/** Equal under V8's hash of short numbers, were it not seeded: they differ by multiples of the table's size. */
const colliding = (index: number): string => `"${index * 65_536}":1`;
for (const [what, key] of [
  ['random', (index: number) => `"k${(index * 2_654_435_761) % 4_294_967_296}":1`],
  ['like indices', (index: number) => `"${index}":1`],
  ['such that hashes collide', colliding],
] as const) {
  attack('V-08', `100,000 keys of variables, ${what}, are not made an object`, {
    send: withVariables(`{${times(100_000, key)}}`),
    expect: refused,
  });
}

attack('V-08', 'keys are counted in all objects together', {
  send: withVariables(`{"a":{${times(2_600, (index) => `"a${index}":{"b":1}`)}}}`),
  expect: refused,
});

for (const [what, variables] of [
  ['objects', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
  ['lists', `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
] as const) {
  attack('V-09', `variables of ${what} nested 10,000 deep are not read`, {
    send: withVariables(variables),
    expect: refused,
  });
}

attack('V-09', 'variables nested 21 deep are not read', {
  send: withVariables(`${'{"a":'.repeat(21)}1${'}'.repeat(21)}`),
  expect: refused,
});

attack('V-09', 'variables nested 20 deep are', {
  send: withVariables(`{"id":"me","n":1,"other":${'['.repeat(19)}${']'.repeat(19)}}`),
  expect: { status: 200, fetches: 1, data: { account: { id: 'me' }, users: [{ id: '1' }] } },
});

attack('V-09', 'a million numbers are not made a list', {
  send: withVariables(`{"ids":[${times(1_000_000, () => '1')}]}`),
  expect: refused,
});

for (const [what, number] of [
  ['infinity', '1e400'],
  ['minus infinity', '-1E400'],
  ['minus zero', '-0'],
  ['minus zero with a fraction', '-0.0'],
  ['2^53 + 1', '9007199254740993'],
  ['- 2^53 - 1', '-9007199254740993'],
] as const) {
  for (const variable of ['id', 'n']) {
    attack('V-09', `${what} as ${variable} does not become another number`, {
      send: withVariables(`{"${variable}":${number}}`),
      expect: badInput,
      also: ({ json }) => expect(json?.errors?.[0]?.message).toContain(number),
    });
  }
}

attack('V-09', 'an id of 20 digits that is sent as text arrives unchanged', {
  send: {
    body: { query: 'query($id: ID!) { user(id: $id) { id } }', variables: { id: '90071992547409930001' } },
  },
  expect: { status: 200, fetches: 1, data: { user: { id: '90071992547409930001' } } },
});

for (const [what, body] of [
  ['query', '{"query":"{docs{id}}","query":"mutation{touch}"}'],
  ['query, once in disguise,', '{"query":"{docs{id}}","\\u0071uery":"mutation{touch}"}'],
  ['variables', '{"query":"{docs{id}}","variables":{},"variables" :{"a":1}}'],
  [
    'operationName',
    '{"operationName":"A","query":"query A{docs{id}} query B{docs{id}}","operationName":"B"}',
  ],
] as const) {
  attack('V-17', `a body with ${what} twice is refused whole`, {
    as: 'user',
    send: { body },
    expect: { status: 400, code: 'BAD_REQUEST', fetches: 0 },
  });
}

attack('V-17', 'a value that looks like a key is no key', {
  send: {
    body: '{"operationName":null,"query":"{docs{id}}","variables":{"query":"query","\\"query\\":":"query"}}',
  },
  expect: { status: 200, fetches: 1 },
});
