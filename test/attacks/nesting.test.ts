/** Attacks by the nesting of a document: what would exhaust the parser's stack never comes to the parser. */
import { createHook } from 'node:async_hooks';
import { afterAll, beforeAll, expect } from 'vitest';
import { documentIdOf } from '../../gateway/persisted/safelist.ts';
import { createAttack } from '../support/attack.ts';

const tooNested = 'query TooNested { users { id } '.concat(`${'{a'.repeat(100)}${'}'.repeat(100)} }`);
const attack = createAttack({ dev: true, operations: { TooNested: tooNested } });
const refused = { status: 400, code: 'LIMIT_EXCEEDED', fetches: 0 };

/** Follows every promise, as tracing does, which makes each call deeper. */
const tracing = createHook({ init() {}, before() {}, after() {} });
beforeAll(() => void tracing.enable());
afterAll(() => void tracing.disable());

const around = (open: string, middle: string, close: string, levels: number): string =>
  `${open.repeat(levels)}${middle}${close.repeat(levels)}`;
const post = (query: string): { body: { query: string } } => ({ body: { query } });

for (const levels of [3_000, 10_000]) {
  for (const [what, query] of [
    ['selections', `{${around('a{', 'id', '}', levels)}}`],
    ['inline fragments', `{${around('...{', 'id', '}', levels)}}`],
    ['selections that never close', '{a'.repeat(levels)],
  ] as const) {
    attack('V-03', `${what} nested ${levels} deep do not reach the parser`, {
      send: post(query),
      expect: refused,
    });
  }
}

for (const [what, query] of [
  ['list literals', `{account(ids:${around('[', '"1"', ']', 10_000)}){id}}`],
  ['object literals', `{account(where:${around('{a:', '1', '}', 5_000)}){id}}`],
  ['a list type', `query($v:${around('[', 'Int', ']', 10_000)}){docs{id}}`],
  ['parentheses after a string with brackets', `{account(id:"}]\\"")${'(a:'.repeat(5_000)}}`],
  ['selections after a comment with brackets', `{#}}}}\n${around('a{', 'id', '}', 5_000)}}`],
  [
    'selections after a block string with quotes',
    `{account(id:"""\\""" " ]""")${around('{a', 'id', '}', 5_000)}}`,
  ],
] as const) {
  attack('V-04', `${what}: nested beyond the cap, they do not reach the parser`, {
    send: post(query),
    expect: refused,
  });
}

attack('V-03', 'a registered document that is nested too deep is refused like any other', {
  send: { body: { documentId: documentIdOf(tooNested) } },
  expect: refused,
});

attack('V-04', 'brackets in strings and comments do not count', {
  as: 'user',
  send: post(
    `{account(id:"me"){id} docs{id #${'{'.repeat(100)}\n} user(id:"""${'(['.repeat(50)}\\""" """){id name(}}`,
  ),
  expect: { status: 400, code: 'GRAPHQL_PARSE_FAILED', fetches: 0 },
});

attack('V-04', 'a document of 64 levels is read', {
  send: post(`{account(ids:${around('[', '"1"', ']', 62)}){id}}`),
  expect: { status: 400, code: 'GRAPHQL_VALIDATION_FAILED', fetches: 0 },
});

attack('V-04', 'a document of 65 levels is not', {
  send: post(`{account(ids:${around('[', '"1"', ']', 63)}){id}}`),
  expect: refused,
});

attack('V-02', 'a document of more than 32 KiB is not read, whatever fills it', {
  send: post(`{docs{id}}${'#'.repeat(32_760)}`),
  expect: refused,
  also: ({ json }) => expect(json?.errors?.[0]?.message).toContain('32768 bytes'),
});
