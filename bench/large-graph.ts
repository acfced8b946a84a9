/** A graph as large as a company's, from a seed: subgraphs, their types, and the operations that clients have registered. */
import { documentIdOf } from '../gateway/persisted/safelist.ts';
import type { SubgraphSchema } from '../registry/compose.ts';
import { createRandom, type Random } from './random.ts';

export interface LargeGraphSize {
  readonly subgraphs: number;
  /** Of all subgraphs together; a multiple of them. */
  readonly types: number;
  readonly operations: number;
}

export interface LargeGraph {
  readonly subgraphs: readonly SubgraphSchema[];
  /** As a persisted-query manifest lists them. */
  readonly operations: readonly {
    readonly id: string;
    readonly name: string;
    readonly type: 'query' | 'mutation';
    readonly body: string;
  }[];
}

/** Each type is an entity of one subgraph, to which another adds what it knows of it. */
interface Entity {
  readonly name: string;
  readonly owner: number;
  readonly extender: number;
  /** What the owner and the extender lead to. */
  readonly next: number;
  readonly listed: number;
  readonly related: number;
}

const levels = 3;
const mutationEvery = 10;

/** The same seed and size give the same texts. @param origin where subgraph n is served at `/n` */
export function createLargeGraph(size: LargeGraphSize, origin: string, seed = 1): LargeGraph {
  const random = createRandom(seed);
  const entities = times(size.types, (index): Entity => {
    const owner = index % size.subgraphs;
    return {
      name: `Type${index}`,
      owner,
      extender: (owner + 1 + random.below(Math.max(1, size.subgraphs - 1))) % size.subgraphs,
      ...{
        next: random.below(size.types),
        listed: random.below(size.types),
        related: random.below(size.types),
      },
    };
  });
  const subgraphs = times(size.subgraphs, (index) => ({
    name: `s${index}`,
    routingUrl: `${origin}/${index}`,
    sdl: toSdl(index, entities),
  }));
  const operations = times(size.operations, (number) => {
    const type = number % mutationEvery === 0 ? 'mutation' : 'query';
    const name = `Operation${number}`;
    const root = `${type === 'query' ? 'get' : 'set'}${random.below(size.types)}`;
    const at = entities[Number(root.slice(3))] as Entity;
    const body = `${type} ${name}($id: ID!) { ${root}(id: $id) ${select(entities, at, levels, random)} }`;
    return { id: documentIdOf(body), name, type, body } as const;
  });
  return { subgraphs, operations };
}

function toSdl(index: number, entities: readonly Entity[]): string {
  const own = entities.filter(({ owner }) => owner === index);
  const extended = entities.filter(({ extender, owner }) => extender === index && owner !== index);
  const root = (verb: string): string =>
    own.map(({ name }) => `  ${verb}${name.slice(4)}(id: ID!): ${name}`).join('\n');
  // What an entity leads to is known by its key alone to whoever says nothing else of it.
  const known = new Set([...own, ...extended].map(({ name }) => name));
  const led = [
    ...own.flatMap(({ next, listed }) => [next, listed]),
    ...extended.map(({ related }) => related),
  ].map((at) => `Type${at}`);
  const stubs = [...new Set(led)].filter((name) => !known.has(name));
  return `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])

type Query {
${root('get')}
}

type Mutation {
${root('set')}
}

${own.map(toOwnType).join('\n')}
${extended.map(toExtension).join('\n')}
${stubs.map((name) => `type ${name} @key(fields: "id", resolvable: false) { id: ID! }`).join('\n')}
`;
}

function toOwnType({ name, next, listed }: Entity): string {
  return `"What ${name} is to those who use it."
type ${name} @key(fields: "id") {
  id: ID!
  "What people call it."
  name: String!
  price(currency: String = "CNY"): Float
  tags: [String!]!
  createdAt: String
  next: Type${next}
  listed(first: Int = 10, after: String): [Type${listed}!]!
}`;
}

function toExtension({ name, related }: Entity): string {
  return `type ${name} @key(fields: "id") {
  id: ID!
  stock: Int
  rating(of: Int = 1): Float
  related: Type${related}
}`;
}

/** Some fields of the owner, some of the extender, and below them the same of what they lead to. */
function select(entities: readonly Entity[], at: Entity, depth: number, random: Random): string {
  const scalars = ['id', 'name', 'price', 'tags', 'stock', 'rating'].filter(() => random.chance(0.6));
  const inner = (to: number): string =>
    depth === 1 ? '{ id name }' : select(entities, entities[to] as Entity, depth - 1, random);
  const links = [
    ...(random.chance(0.5) ? [`next ${inner(at.next)}`] : []),
    ...(random.chance(0.3) ? [`listed(first: 5) ${inner(at.listed)}`] : []),
    ...(random.chance(0.3) && at.extender !== at.owner ? [`related ${inner(at.related)}`] : []),
  ];
  const asked =
    at.extender === at.owner ? scalars.filter((name) => !['stock', 'rating'].includes(name)) : scalars;
  return `{ ${['id', ...asked.filter((name) => name !== 'id'), ...links].join(' ')} }`;
}

function times<T>(count: number, toItem: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => toItem(index));
}
