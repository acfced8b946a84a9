import { parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { readSecurityDirectives } from '../../../gateway/access/security-directives.ts';
import { describeRule, rule } from '../../../gateway/access/shield.ts';

const policies = { paid: rule('paid')(() => true), old: rule('old')(() => true) };
const spec = 'https://specs.apollo.dev';

function demandsOf(links: string, types: string): Record<string, string[]> {
  const demands = readSecurityDirectives(parse(`schema ${links} { query: Query } ${types}`), policies);
  return Object.fromEntries([...demands].map(([coordinate, rules]) => [coordinate, rules.map(describeRule)]));
}

describe('what subgraphs demand', () => {
  test.each([
    ['under its own name', `@link(url: "${spec}/authenticated/v0.1", for: SECURITY)`, 'authenticated'],
    [
      'under another name',
      `@link(url: "${spec}/authenticated/v0.1", import: [{ name: "@authenticated", as: "@login" }])`,
      'login',
    ],
    ['under a namespace', `@link(url: "${spec}/authenticated/v0.1", as: "auth")`, 'auth'],
    ['by its long name', `@link(url: "${spec}/authenticated/v0.1")`, 'authenticated__authenticated'],
    [
      'by the short name beside an import',
      `@link(url: "${spec}/authenticated/v0.1", import: [{ name: "@authenticated", as: "@login" }])`,
      'authenticated',
    ],
    [
      'by the second of two links',
      `@link(url: "${spec}/authenticated/v0.1", as: "a") @link(url: "${spec}/authenticated/v0.1", as: "b")`,
      'b',
    ],
    ['by the older @core', `@core(feature: "${spec}/authenticated/v0.1")`, 'authenticated'],
  ])('is found %s', (_name, links, directive) => {
    expect(demandsOf(links, `type Query { me: Int @${directive} }`)).toEqual({
      'Query.me': ['@authenticated'],
    });
  });

  test('is found on types, interfaces, scalars and enums, and added up', () => {
    const links = `@link(url: "${spec}/authenticated/v0.1") @link(url: "${spec}/requiresScopes/v0.1")`;
    expect(
      demandsOf(
        links,
        `type Query @authenticated { me: Int @authenticated @requiresScopes(scopes: [["a", "b"], ["c"]]) }
         scalar Secret @authenticated
         enum Level @authenticated { LOW }
         interface Node @requiresScopes(scopes: "a") { id: ID }`,
      ),
    ).toEqual({
      Query: ['@authenticated'],
      'Query.me': ['@authenticated', '@requiresScopes [["a","b"],["c"]]'],
      Secret: ['@authenticated'],
      Level: ['@authenticated'],
      Node: ['@requiresScopes [["a"]]'],
    });
  });

  test('@policy is decided by rules of these names', () => {
    expect(
      demandsOf(
        `@link(url: "${spec}/policy/v0.1")`,
        'type Query { me: Int @policy(policies: [["paid", "old"], ["paid"]]) }',
      ),
    ).toEqual({ 'Query.me': ['or(and(paid, old), and(paid))'] });
  });

  test('@policy with a name that nothing decides stops the start', () => {
    expect(() =>
      demandsOf(
        `@link(url: "${spec}/policy/v0.1")`,
        'type Query { me: Int @policy(policies: [["paid", "new", "constructor"]]) }',
      ),
    ).toThrow('The supergraph uses @policy with new, constructor, which nothing decides.');
  });
});

describe('a supergraph whose demands are not understood is refused', () => {
  test.each([
    ['from another host', '@link(url: "https://specs.example/authenticated/v0.1")'],
    ['without TLS', '@link(url: "http://specs.apollo.dev/authenticated/v0.1")'],
    ['with a query', `@link(url: "${spec}/authenticated/v0.1?x")`],
    ['with a version that is not known', `@link(url: "${spec}/requiresScopes/v9.0")`],
    ['without a version', `@link(url: "${spec}/policy")`],
    ['in other letters', `@link(url: "${spec}/Authenticated/v0.1")`],
    ['for security, of any other kind', `@link(url: "${spec}/vault/v0.1", for: SECURITY)`],
  ])('linked %s', (_name, links) => {
    expect(() => demandsOf(links, 'type Query { me: Int }')).toThrow(/would protect something/);
  });

  test('applied without a link', () => {
    expect(() => demandsOf('', 'type Query { me: Int @authenticated }')).toThrow(
      'The supergraph applies @authenticated without linking to',
    );
  });
});
