/** A field that a subgraph knows only as external is never asked of it but where it says that it provides it. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const rooms = [
  { id: 'r1', name: 'Attic', size: 20 },
  { id: 'r2', name: 'Hall', size: 90 },
];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'rooms',
      sdl: federation2('type Room @key(fields: "id") { id: ID!  name: String! @shareable  size: Int! }'),
      resolvers: { Room: { __resolveReference: byKey(rooms, 'id') } },
    },
    {
      name: 'bookings',
      sdl: federation2(`
        type Query { free: [Room!]!  cheapest: Room @provides(fields: "name") }
        type Room @key(fields: "id") {
          id: ID!
          name: String! @external
          size: Int! @external
          price: Int! @requires(fields: "size")
        }
      `),
      resolvers: {
        Query: {
          free: () => [
            { id: 'r2', name: 'not to be believed', size: -1 },
            { id: 'r1', name: 'not to be believed', size: -1 },
          ],
          cheapest: () => ({ id: 'r1', name: 'Attic, as provided', size: -1 }),
        },
        Room: { price: ({ size }: { size: number }) => size * 2 },
      },
    },
  ],
  cases: {
    'its own idea of the field is not asked': {
      query: '{ free { name size } }',
      expected: {
        data: {
          free: [
            { name: 'Hall', size: 90 },
            { name: 'Attic', size: 20 },
          ],
        },
      },
      fetches: 2,
    },
    'nor used for what requires it': {
      query: '{ free { price } cheapest { price } }',
      expected: { data: { free: [{ price: 180 }, { price: 40 }], cheapest: { price: 40 } } },
    },
    'where it is provided it is asked, its neighbour not': {
      query: '{ cheapest { name size } }',
      expected: { data: { cheapest: { name: 'Attic, as provided', size: 20 } } },
      fetches: 2,
    },
  },
};
