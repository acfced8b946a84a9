/** Attacks by the text of a document and the shape of a body: what cannot be read is refused before any subgraph hears of it. */
import { expect } from 'vitest';
import { createAttack } from '../support/attack.ts';
import type { Answer } from '../support/attack-world.ts';

const attack = createAttack({ dev: true });

const times = (count: number, item: (index: number) => string, separator = ' '): string =>
  Array.from({ length: count }, (_, index) => item(index)).join(separator);
const post = (query: string, more: object = {}) => ({ body: { query, ...more } });
const parseFailed = { status: 400, code: 'GRAPHQL_PARSE_FAILED', fetches: 0 };
const invalid = { status: 400, code: 'GRAPHQL_VALIDATION_FAILED', fetches: 0 };
const badRequest = { status: 400, code: 'BAD_REQUEST', fetches: 0 };

attack('V-01', 'a document that stops in mid-selection is refused with the place, its text not echoed', {
  send: post('query Stops { docs { id } user(id: "text of the sender") { name'),
  expect: parseFailed,
  also: ({ text, json }) => {
    expect(json?.errors?.[0]?.locations).toEqual([{ line: 1, column: 64 }]);
    expect(text).not.toContain('text of the sender');
  },
});

attack('V-02', 'a document of more than 2,000 tokens is not read to its end', {
  send: post(`{${times(1_000, (index) => `a${index}:id`)}}`),
  expect: parseFailed,
});

for (const [what, ignored] of [
  ['commas', ','],
  ['comments', '#\n'],
  ['byte order marks', '\uFEFF'],
] as const) {
  attack('V-02', `a megabyte of ${what} is too large, though no token`, {
    send: post(`{${ignored.repeat(1_048_576 / ignored.length)}docs{id}}`),
    expect: { status: 413, code: 'PAYLOAD_TOO_LARGE', fetches: 0 },
  });
}

for (const [what, query] of [
  ['3,000 equal fields', `{docs{${times(3_000, () => 'id')}}}`],
  ['60 inline fragments of 30 fields', `{docs{${times(60, () => `...{${times(30, () => 'id title')}}`)}}}`],
  [
    '100 fragments that overlap pairwise',
    `{docs{${times(100, (index) => `...F${index}`)}}}${times(100, (index) => `fragment F${index} on Doc{${times(20, (alias) => `a${alias}:id`)}}`)}`,
  ],
] as const) {
  attack('V-05', `${what} are not compared with each other`, {
    send: post(query),
    expect: {
      status: 400,
      code: ['GRAPHQL_PARSE_FAILED', 'LIMIT_EXCEEDED', 'GRAPHQL_VALIDATION_FAILED'],
      fetches: 0,
    },
    maxHoldMs: 100,
  });
}

for (const [what, query] of [
  ['180 equal lists', `{users{${times(180, () => 'friends(first:1){id name}')}}}`],
  [
    '150 equal fields with fields below',
    `{user(id:1){${times(150, () => 'followers{followers{followers{id}}}')}}}`,
  ],
  [
    '27 fragments that spread each other',
    `{user(id:1){${times(27, (index) => `...F${index}`)}}} ${times(27, (index) => `fragment F${index} on User{followers{${times(27, (other) => `...F${other}`)}}}`)}`,
  ],
] as const) {
  attack('V-05', `${what} are refused before they are compared with each other`, {
    send: post(query),
    expect: { status: 400, code: 'LIMIT_EXCEEDED', fetches: 0 },
    maxHoldMs: 20,
  });
}

const atMostTenErrors = ({ json }: Answer): void => expect(json?.errors?.length).toBeLessThanOrEqual(10);

attack('V-06', 'of 1,000 unknown fields at most ten are reported', {
  send: post(`{docs{${times(1_000, (index) => `unknown${index}`)}}}`),
  expect: invalid,
  also: atMostTenErrors,
});

attack('V-06', 'of 1,000 unknown variables at most ten are reported', {
  send: post(`{account(ids:[${times(1_000, (index) => `$unknown${index}`)}]){id}}`),
  expect: parseFailed,
  also: atMostTenErrors,
});

attack('V-06', 'of 250 unknown variables at most ten are reported', {
  send: post(`{account(ids:[${times(250, (index) => `$unknown${index}`)}]){id}}`),
  expect: invalid,
  also: atMostTenErrors,
});

attack('V-06', 'of 100 variables of the wrong type at most ten are reported', {
  send: post(
    `query(${times(100, (index) => `$v${index}:ID!`)}){account(ids:[${times(100, (index) => `$v${index}`)}]){id}}`,
    { variables: Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`v${index}`, { no: 'id' }])) },
  ),
  expect: { status: 400, code: 'BAD_USER_INPUT', fetches: 0 },
  also: ({ json }) => expect(json?.errors?.[0]?.message.match(/Variable/g)?.length).toBeLessThanOrEqual(10),
});

const twoOperations = 'query A { docs { id } } query B { docs { title } }';
const unresolved = { status: 400, code: 'OPERATION_RESOLUTION_FAILURE', fetches: 0 };
for (const [what, more, expected] of [
  ['missing', {}, unresolved],
  ['unknown', { operationName: 'C' }, unresolved],
  ['empty', { operationName: '' }, unresolved],
  ['null', { operationName: null }, unresolved],
  ['called `__proto__`', { operationName: '__proto__' }, unresolved],
  ['a number', { operationName: 1 }, badRequest],
  ['an object', { operationName: { A: true } }, badRequest],
  ['10 KB long', { operationName: 'A'.repeat(10_240) }, badRequest],
] as const) {
  attack('V-10', `between two operations, an operationName that is ${what} chooses none`, {
    send: post(twoOperations, more),
    expect: expected,
  });
}

attack('V-10', 'an operationName that is not that of the only operation does not run it', {
  send: post('mutation Only { touch }', { operationName: 'Other' }),
  as: 'user',
  expect: unresolved,
});

attack('V-12', 'a subscription by POST is refused, though the schema has none', {
  send: post('subscription { docs { id } }'),
  expect: { status: 400, code: ['OPERATION_RESOLUTION_FAILURE', 'GRAPHQL_VALIDATION_FAILED'], fetches: 0 },
});

attack('V-12', 'a subscription by GET is refused', {
  send: { method: 'GET', path: `/graphql?query=${encodeURIComponent('subscription{docs{id}}')}` },
  expect: { status: 400, code: ['OPERATION_RESOLUTION_FAILURE', 'GRAPHQL_VALIDATION_FAILED'], fetches: 0 },
});

attack('V-12', 'a subscription that asks for an event stream is refused', {
  send: { ...post('subscription{docs{id}}'), headers: { accept: 'text/event-stream' } },
  expect: { status: [400, 406], code: ['OPERATION_RESOLUTION_FAILURE', 'NOT_ACCEPTABLE'], fetches: 0 },
});

attack('V-13', '@defer is an unknown directive', {
  send: post('{ docs { id ... @defer { title } } }'),
  expect: invalid,
});

attack('V-13', '@stream is an unknown directive', { send: post('{ docs @stream { id } }'), expect: invalid });

for (const accept of [
  'multipart/mixed',
  'multipart/mixed;deferSpec=20220824',
  'multipart/mixed; incrementalSpec=v0.2',
]) {
  attack('V-13', `whoever accepts only ${accept} is refused before anything runs`, {
    as: 'user',
    send: { ...post('mutation { touch }'), headers: { accept } },
    expect: { status: 406, code: 'NOT_ACCEPTABLE', fetches: 0 },
  });
}

for (const [what, query] of [
  ['contains itself', '{docs{...A}} fragment A on Doc{id ...A}'],
  [
    'contains itself through a ring',
    '{docs{...A}} fragment A on Doc{...B} fragment B on Doc{...C} fragment C on Doc{...A}',
  ],
  ['is unused', '{docs{id}} fragment A on Doc{id}'],
  ['is there twice', '{docs{...A}} fragment A on Doc{id} fragment A on Doc{title}'],
] as const) {
  attack('V-14', `a fragment that ${what} is invalid`, { send: post(query), expect: invalid, maxHoldMs: 20 });
}

attack('V-14', '1,000 fragments are too many tokens', {
  send: post(
    `{docs{${times(1_000, (index) => `...F${index.toString(36)}`)}}}${times(1_000, (index) => `fragment F${index.toString(36)} on Doc{id}`, '')}`,
  ),
  expect: parseFailed,
  maxHoldMs: 20,
});

for (const [what, body] of [
  ['2 requests', [{ query: '{docs{id}}' }, { query: '{docs{title}}' }]],
  ['10,000 requests', Array.from({ length: 10_000 }, () => ({ query: '{a}' }))],
  ['arrays in arrays', [[{ query: '{docs{id}}' }], [[]]]],
] as const) {
  attack('V-16', `a body that is an array of ${what} is refused whole`, {
    send: { body },
    expect: badRequest,
  });
}

const good = '{"query":"{docs{id}}"}';
for (const [what, body, code] of [
  ['a byte order mark', Buffer.from(`\uFEFF${good}`), 'BAD_REQUEST'],
  ['UTF-16', Buffer.from(good, 'utf16le'), 'BAD_REQUEST'],
  ['UTF-16 with its mark', Buffer.from(`\uFEFF${good}`, 'utf16le'), 'BAD_REQUEST'],
  [
    'bytes that are no UTF-8',
    Buffer.concat([
      Buffer.from('{"query":"{docs{id}}","operationName":"'),
      Buffer.from([0xc3, 0x28]),
      Buffer.from('"}'),
    ]),
    'BAD_REQUEST',
  ],
  ['a NUL in a string', good.replace('}}', '}\0}'), 'BAD_REQUEST'],
  ['a NUL that is escaped', good.replace('}}', '}\\u0000}'), 'GRAPHQL_PARSE_FAILED'],
] as const) {
  attack('V-18', `a body with ${what} is refused`, {
    send: { body },
    expect: { status: 400, code, fetches: 0 },
  });
}
