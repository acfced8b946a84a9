import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { createLargeGraph } from '../../bench/large-graph.ts';
import { type CompositionError, composeSupergraph } from '../../registry/compose.ts';

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@override", "@external", "@requires", "@context", "@fromContext"])';

const graphs: Readonly<Record<string, readonly string[]>> = {
  'a field that no key leads to': [
    'type Query { a: A } type A @key(fields: "id") { id: ID! x: Int }',
    'type A @key(fields: "other") { other: ID! y: Int }',
  ],
  'two fields that no key leads to, behind others': [
    'type Query { a: A } type A { b: B @shareable c: C } type B @key(fields: "id") { id: ID! } type C @key(fields: "id", resolvable: false) { id: ID! }',
    'type B @key(fields: "id", resolvable: false) { id: ID! y: Int } type C @key(fields: "id") { id: ID! z: Int d: D } type D @key(fields: "id") { id: ID! }',
    'type D @key(fields: "no") { no: ID! w: Int }',
  ],
  'a shared mutation whose answer neither subgraph can complete': [
    'type Query { q: Int @shareable } type Mutation { do: A @shareable } type A { x: Int }',
    'type Query { q: Int @shareable } type Mutation { do: A @shareable } type A { y: Int }',
  ],
  'a shared mutation that one subgraph can complete': [
    'type Query { q: Int @shareable } type Mutation { do: A @shareable } type A @key(fields: "id") { id: ID! x: Int }',
    'type Query { q: Int @shareable } type Mutation { do: A @shareable } type A @key(fields: "id") { id: ID! y: Int }',
  ],
  'a shared list of things that no two subgraphs have in common': [
    'type Query { u: U @shareable } union U = A | B type A { x: Int } type B { x: Int }',
    'type Query { u: U @shareable } union U = C type C { x: Int }',
  ],
  'a field that is moved for some': [
    'type Query { a: A } type A @key(fields: "id") { id: ID! x: B } type B @key(fields: "id") { id: ID! z: Int }',
    'type A @key(fields: "id") { id: ID! x: B @override(from: "s0", label: "percent(5)") } type B @key(fields: "no") { no: ID! y: Int }',
  ],
  'a circle': [
    'type Query { a: A } type A @key(fields: "id") { id: ID! b: B } type B @key(fields: "id") { id: ID! a: A }',
    'type B @key(fields: "id") { id: ID! own: Int a2: A } type A @key(fields: "id") { id: ID! }',
  ],
};

test.each(Object.entries(graphs))('%s is judged as Apollo judges it', (_title, sdls) => {
  const subgraphs = sdls.map((sdl, index) => ({
    name: `s${index}`,
    routingUrl: `http://s${index}.test`,
    sdl: `${link}\n${sdl}`,
  }));
  const { errors = [], supergraphSdl } = composeServices(
    subgraphs.map(({ name, routingUrl: url, sdl }) => ({ name, url, typeDefs: parse(sdl) })),
  );
  const compose = (): { supergraphSdl?: string; problems: unknown[] } => {
    try {
      return { supergraphSdl: composeSupergraph(subgraphs), problems: [] };
    } catch (error) {
      return { problems: [...(error as CompositionError).problems].map(({ message }) => message).sort() };
    }
  };
  expect(compose()).toEqual({
    ...(supergraphSdl !== undefined && { supergraphSdl }),
    problems: errors.map(({ message }) => message).sort(),
  });
});

test('a large graph composes to what Apollo composes', () => {
  const { subgraphs } = createLargeGraph({ subgraphs: 8, types: 80, operations: 0 }, 'http://subgraphs.test');
  const { supergraphSdl } = composeServices(
    subgraphs.map(({ name, routingUrl: url, sdl }) => ({ name, url, typeDefs: parse(sdl) })),
  );
  expect(composeSupergraph(subgraphs)).toBe(supergraphSdl);
});
