import { parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { findAppliedDirectives } from '../../../gateway/supergraph/applied-directives.ts';

const supergraphWith = (link: string, directive: string) =>
  parse(`
    schema ${link} { query: Query }
    type Query @other { me: String @${directive}(scopes: [["a"]])  plain(x: Int @${directive}): Int }
  `);

describe('a directive is found by its specification', () => {
  test.each([
    ['under its own name', '@link(url: "https://specs.apollo.dev/requiresScopes/v0.1")', 'requiresScopes'],
    [
      'under the name of the link',
      '@link(url: "https://specs.apollo.dev/requiresScopes/v0.1", as: "scoped")',
      'scoped',
    ],
    [
      'P-14 under the name of its import',
      '@link(url: "https://specs.apollo.dev/requiresScopes/v0.1", import: [{ name: "@requiresScopes", as: "@needs" }])',
      'needs',
    ],
  ])('%s', (_title, link, directive) => {
    expect([
      ...findAppliedDirectives(supergraphWith(link, directive), 'requiresScopes', 'requiresScopes'),
    ]).toEqual([
      ['Query.me', [{ scopes: [['a']] }]],
      ['Query.plain(x:)', [{}]],
    ]);
  });
});

test('a directive that is not the specification’s main one is prefixed unless imported', () => {
  const supergraph = parse(`
    schema @link(url: "https://specs.apollo.dev/cost/v0.1") { query: Query }
    type Query { a: [Int] @cost__listSize(assumedSize: 3)  b: [Int] @listSize(assumedSize: 3) }
  `);
  expect([...findAppliedDirectives(supergraph, 'cost', 'listSize')]).toEqual([
    ['Query.a', [{ assumedSize: 3 }]],
  ]);
});

test('a specification of another host is not taken for it', () => {
  const link = '@link(url: "https://specs.apollo.dev.evil.example/requiresScopes/v0.1")';
  expect([
    ...findAppliedDirectives(supergraphWith(link, 'requiresScopes'), 'requiresScopes', 'requiresScopes'),
  ]).toEqual([]);
});
