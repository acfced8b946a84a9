/** Prices random operations over random price lists: by the gateway, as its bundles carry it, and by the letter; and compares. */
import { buildSchema, type GraphQLSchema, getNamedType, isCompositeType, isInputObjectType } from 'graphql';
import { createRandom, type Random } from '../../../bench/random.ts';
import type { CostDirectives, ListSize } from '../../../gateway/demand/cost-directives.ts';
import { generateOperation } from '../../federation/fuzz/generate-operation.ts';
import { type CostOf, toCostOf, toWrittenCostOf } from './cost-of.ts';
import { toNaiveCostOf } from './naive-cost.ts';

export interface CostComparison {
  /** Operations compared so far, and of these the ones that were refused or priced above nothing. */
  readonly compared: number;
  readonly refused: number;
  readonly priced: number;
  /** The first operation on which they disagree. */
  readonly difference?: {
    readonly source: string;
    readonly variables: unknown;
    readonly cost: number | string;
    readonly written: number | string;
    readonly expected: number | string;
  };
}

const schema = buildSchema(`
  type Query {
    one: Thing
    many(first: Int, last: Int): [Thing!]!
    page(first: Int = 3, by: Filter): Page
    search(by: Filter!, tags: [String!], order: Order = DOWN): [Found]
    grid: [[Thing]]
    node(id: ID): Node
  }
  type Mutation { make(things: [Filter!]!, count: Int!): [Thing]  drop: Boolean }
  interface Node { id: ID!  near(first: Int): [Node!]! }
  type Thing implements Node { id: ID!  near(first: Int): [Node!]!  part: Part  parts(limit: Int = 2): [Part!]  page(first: Int): Page }
  type Part implements Node { id: ID!  near(first: Int): [Node!]!  weight: Weight  of: Thing }
  union Found = Thing | Part
  type Page { edges: [Edge!]!  items: [Thing!]  inner: Inner  total: Int }
  type Inner { items: [Node]  pages: [Page!] }
  type Edge { node: Thing  cursor: String }
  input Filter { first: Int  nested: Filter  names: [String!]  page: Window = { size: 2 } }
  input Window { size: Int  after: ID }
  enum Order { UP DOWN }
  scalar Weight
`);

const operationsPerPriceList = 50;

export function compareCosts(seed: number, count: number): CostComparison {
  const random = createRandom(seed);
  const totals = { compared: 0, refused: 0, priced: 0 };
  let priced = toThree(random);
  for (; totals.compared < count; totals.compared++) {
    if (totals.compared % operationsPerPriceList === 0) priced = toThree(random);
    const { source, variables } = withNegatives(generateOperation(schema, random), random);
    const costBy = (costOf: CostOf): number | string => attempt(costOf, source, variables);
    const [cost, written, expected] = [costBy(priced.own), costBy(priced.written), costBy(priced.naive)];
    if (cost !== expected || written !== expected)
      return { ...totals, difference: { source, variables, cost, written, expected } };
    if (cost === 'refused') totals.refused++;
    else if (Number(cost) > 0) totals.priced++;
  }
  return totals;
}

function toThree(random: Random): Readonly<Record<'own' | 'written' | 'naive', CostOf>> {
  const priced = { schema, directives: randomPrices(schema, random), defaultListSize: 1 + random.below(10) };
  return { own: toCostOf(priced), written: toWrittenCostOf(priced), naive: toNaiveCostOf(priced) };
}

function attempt(costOf: CostOf, source: string, variables: Record<string, unknown>): number | string {
  try {
    return costOf(source, variables);
  } catch (error) {
    const isRefusal = (error as { code?: string }).code === 'BAD_USER_INPUT';
    return isRefusal || (error as Error).message === 'refused' ? 'refused' : String(error);
  }
}

function withNegatives(
  { source, variables }: ReturnType<typeof generateOperation>,
  random: Random,
): { source: string; variables: Record<string, unknown> } {
  const entries = Object.entries(variables).map(([name, value]) => [
    name,
    typeof value === 'number' && random.chance(0.1) ? -1 : value,
  ]);
  return { source, variables: Object.fromEntries(entries) };
}

const slices = ['first', 'last', 'limit', 'count', 'tags', 'things', 'by.first', 'by.page.size', 'by.names'];
const sized = ['edges', 'items', 'inner.items', 'inner.pages', 'parts', 'near'];

function randomPrices(priced: GraphQLSchema, random: Random): CostDirectives {
  const weights = new Map<string, number>();
  const listSizes = new Map<string, ListSize>();
  const weigh = (coordinate: string): void => {
    if (random.chance(0.15)) weights.set(coordinate, random.below(20));
  };
  for (const type of Object.values(priced.getTypeMap()).filter(({ name }) => !name.startsWith('__'))) {
    weigh(type.name);
    if (isInputObjectType(type))
      for (const field of Object.values(type.getFields())) weigh(`${type.name}.${field.name}`);
    if (!isCompositeType(type) || !('getFields' in type)) continue;
    for (const field of Object.values(type.getFields())) {
      const coordinate = `${type.name}.${field.name}`;
      weigh(coordinate);
      for (const { name } of field.args) weigh(`${coordinate}(${name}:)`);
      if (isCompositeType(getNamedType(field.type)) && random.chance(0.6))
        listSizes.set(coordinate, {
          assumedSize: random.chance(0.4) ? random.below(8) : undefined,
          slicingArguments: slices.filter((path) => {
            const isThere = field.args.some(({ name }) => name === path.split('.')[0]);
            return random.chance(isThere ? 0.6 : 0.02);
          }),
          sizedFields: random.chance(0.4) ? sized.filter(() => random.chance(0.4)) : [],
          requireOneSlicingArgument: random.chance(0.2),
        });
    }
  }
  return { weights, listSizes };
}
