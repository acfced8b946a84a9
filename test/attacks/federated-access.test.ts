/** Attacks on rules by way of federation: the field is resolved elsewhere, or read by another field. */
import { expect, test } from 'vitest';
import { composeSubgraphs } from '../../registry/compose.ts';
import { createAttack } from '../support/attack.ts';
import type { Send } from '../support/attack-world.ts';
import { shelfGraph } from '../support/shelf-graph.ts';

const attack = createAttack({
  dev: true,
  alsoServed: shelfGraph,
  config: { policy: new URL('../support/shelf-policy.ts', import.meta.url).pathname },
});

const post = (query: string): Send => ({ body: { query } });
const forbidden = { status: 403, code: 'FORBIDDEN', fetches: 0 };

for (const [what, query] of [
  ['that an interface object adds, on the interface', '{thing{mark}}'],
  ['that an interface object adds, on an implementation', '{thing{...on Book{mark}}}'],
  ['that an interface object adds, on an implementation that names no interface', '{books{mark}}'],
  ['that a second subgraph adds', '{thing{...on Book{second}}}'],
  ['that another subgraph took over', '{thing{...on Book{moved}}}'],
  ['that two subgraphs share, by way of the one', '{thing{...on Book{shared}}}'],
  ['that two subgraphs share, by way of the other', '{books{shared}}'],
] as const) {
  attack('R-09', `a closed field ${what}, is forbidden`, {
    as: 'user',
    send: post(query),
    expect: forbidden,
  });
}

attack('R-09', 'the field beside it is open, so that it is the rule that refuses', {
  as: 'user',
  send: post('{thing{id openMark}}'),
  expect: { status: 200, fetches: 2, data: { thing: { id: 'b1', openMark: 'o' } } },
});

for (const [what, query] of [
  ['requires it', '{books{derived}}'],
  ['requires what requires it', '{books{derivedElsewhere}}'],
  ['requires what requires what requires it', '{thing{...on Book{derivedAgain}}}'],
  ['provides it', '{shelf{first{id}}}'],
  ['takes it from the context', '{shelf{slot{label}}}'],
] as const) {
  attack('R-10', `a closed field, read through a field that ${what}, is forbidden`, {
    as: 'user',
    send: post(query),
    expect: forbidden,
  });
}

attack('R-10', 'who may read what is required may ask what requires it', {
  as: 'admin',
  send: post('{books{derived}}'),
  expect: { status: 200, fetches: 2, data: { books: [{ derived: 'd' }] } },
});

for (const [as, expected] of [
  ['user', forbidden],
  ['admin', { status: 200, fetches: 1, data: { report: 'all is well' } }],
] as const) {
  attack('R-01', `@policy asks all rules of one list and any of the lists, for ${as}`, {
    as,
    send: post('{report}'),
    expect: expected,
  });
}

test('R-10 the registry refuses a schema whose field reads what subgraphs protect, and demands less itself', () => {
  const header =
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires", "@authenticated"])';
  const compose = (): unknown =>
    composeSubgraphs([
      {
        ...{ name: 'a', routingUrl: 'http://a' },
        sdl: `${header} type Query { book: Book } type Book @key(fields: "id") { id: ID! secret: String @authenticated }`,
      },
      {
        ...{ name: 'b', routingUrl: 'http://b' },
        sdl: `${header} type Book @key(fields: "id") { id: ID! secret: String @external derived: String @requires(fields: "secret") }`,
      },
    ]);
  expect(compose).toThrow(/MISSING_TRANSITIVE_AUTH_REQUIREMENTS: .*"Book\.derived"/);
});
