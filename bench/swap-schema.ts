/** A supergraph of 300 types in 20 subgraphs, in two variants to swap between, and what is asked of it. */
import { composeSubgraphs, type SubgraphSchema } from '../registry/compose.ts';

/** In `b` every `moved` field is answered by the neighbour of the subgraph that answers it in `a`. */
export type Variant = 'a' | 'b';

export const variants: readonly Variant[] = ['a', 'b'];

const subgraphCount = 20;
const typesPerSubgraph = 15;

/** @param origin where subgraph n is served at `/n` */
export function composeWideSupergraph(variant: Variant, origin: string): string {
  return composeSubgraphs(toWideSubgraphs(variant, origin)).supergraphSdl;
}

export function toWideSubgraphs(variant: Variant, origin: string): SubgraphSchema[] {
  return times(subgraphCount, (index) => toSubgraph(index, variant, origin));
}

function toSubgraph(index: number, variant: Variant, origin: string): SubgraphSchema {
  const before = (index + subgraphCount - 1) % subgraphCount;
  const types = times(typesPerSubgraph, (item) => toTypes({ index, before, item, variant }));
  return {
    name: `s${index}`,
    routingUrl: `${origin}/${index}`,
    sdl: `
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
      type Query { ${times(typesPerSubgraph, (item) => `get${index}x${item}(id: ID!): T${index}x${item}`).join(' ')} }
      type Mutation { set${index}(id: ID!): T${index}x0 }
      ${types.join('\n')}
    `,
  };
}

/** The same of each subgraph's first type; two subgraphs answer it, in each variant other parts. */
const selection = '{ id name moved stock }';

export const wideQueries: readonly string[] = times(
  subgraphCount,
  (index) => `query Get${index} { got: get${index}x0(id: "1") ${selection} }`,
);

export const wideMutations: readonly string[] = times(
  subgraphCount,
  (index) => `mutation Set${index} { got: set${index}(id: "1") ${selection} }`,
);

/** Of every query and mutation, under both variants. */
export const wideAnswer = { data: { got: { id: '1', name: 'n', moved: 'm', stock: 1 } } };

/** Names of all types that clients see beside the roots. */
export const wideTypes: readonly string[] = times(subgraphCount, (index) =>
  times(typesPerSubgraph, (item) => `T${index}x${item}`),
).flat();

/** Names of the fields of Mutation. */
export const wideMutationFields: readonly string[] = times(subgraphCount, (index) => `set${index}`);

/** What a subgraph answers: all that it may be asked for, of which the gateway keeps what it did ask for. */
export function answerWideFetch(path: string, representations: readonly unknown[] | undefined): object {
  const { id, name, moved, stock } = wideAnswer.data.got;
  if (!representations) return { data: { got: { __typename: `T${path.slice(1)}x0`, id, name, moved } } };
  const before = (Number(path.slice(1)) + subgraphCount - 1) % subgraphCount;
  return { data: { _entities: representations.map(() => ({ __typename: `T${before}x0`, stock, moved })) } };
}

interface Place {
  readonly index: number;
  readonly before: number;
  readonly item: number;
  readonly variant: Variant;
}

/** A type of the subgraph's own, and its part of one that the subgraph before it owns. */
function toTypes({ index, before, item, variant }: Place): string {
  const moved = 'moved: String';
  return `
    type T${index}x${item} @key(fields: "id") {
      id: ID!
      "What people call it."
      name: String!
      price(currency: String = "CNY"): Float
      tags: [String!]!
      next: T${index}x${(item + 1) % typesPerSubgraph}
      all(first: Int = 10, after: String): [T${index}x${(item + 2) % typesPerSubgraph}!]!
      ${variant === 'a' ? moved : 'added: Int'}
    }
    type T${before}x${item} @key(fields: "id") {
      id: ID!
      stock: Int
      seller: T${index}x${item}
      ${variant === 'b' ? moved : ''}
    }`;
}

function times<T>(count: number, toItem: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => toItem(index));
}
