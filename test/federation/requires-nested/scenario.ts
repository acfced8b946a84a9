/** A required selection may reach into an object, and into the key of an entity inside; the client's own is separate. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

interface House {
  id: string;
  plot: { size: { width: number; length: number }; owner: { id: string } } | null;
}

const houses = [
  { id: 'h1', plot: { size: { width: 10, length: 20, unit: 'm' }, owner: { id: 'o1' } } },
  { id: 'h2', plot: null },
];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'land',
      sdl: federation2(`
        type Query { houses: [House!]! }
        type House @key(fields: "id") { id: ID!  plot: Plot }
        type Plot { size: Size!  owner: Owner! }
        type Size { width: Int!  length: Int!  unit: String! }
        type Owner @key(fields: "id") { id: ID! }
      `),
      resolvers: { Query: { houses: () => houses }, House: { __resolveReference: byKey(houses, 'id') } },
    },
    {
      name: 'tax',
      sdl: federation2(`
        type House @key(fields: "id") {
          id: ID!
          plot: Plot @external
          tax: Int @requires(fields: "plot { size { width length } owner { id } }")
        }
        type Plot @external { size: Size!  owner: Owner! }
        type Size @external { width: Int!  length: Int! }
        type Owner @key(fields: "id") { id: ID!  taxClass: Int! }
      `),
      resolvers: {
        House: {
          tax: ({ plot }: House) =>
            plot && plot.size.width * plot.size.length * (plot.owner.id === 'o1' ? 3 : 1),
        },
        Owner: { taxClass: () => 3 },
      },
    },
  ],
  cases: {
    'the whole required shape arrives, null where it is null': {
      query: '{ houses { tax } }',
      expected: { data: { houses: [{ tax: 600 }, { tax: null }] } },
      fetches: 2,
    },
    'the client sees of the object what it asked, no more': {
      query: '{ houses { plot { size { unit } } tax } }',
      expected: {
        data: {
          houses: [
            { plot: { size: { unit: 'm' } }, tax: 600 },
            { plot: null, tax: null },
          ],
        },
      },
      fetches: 2,
    },
    'an entity inside is completed in the same operation': {
      query: '{ houses { tax plot { owner { taxClass } } } }',
      expected: {
        data: {
          houses: [
            { tax: 600, plot: { owner: { taxClass: 3 } } },
            { tax: null, plot: null },
          ],
        },
      },
    },
  },
};
