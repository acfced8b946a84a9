/** A key may reach into an object, and several levels deep; the whole shape is sent, no more. */
import { federation2, type Scenario } from '../../support/federation-scenario.ts';

interface Desk {
  number: number;
  room: { floor: { level: number }; letter: string };
}

const desks = [
  { number: 1, room: { letter: 'A', floor: { level: 3, carpet: 'red' }, lamps: 2 } },
  { number: 2, room: { letter: 'B', floor: { level: 3, carpet: 'red' }, lamps: 4 } },
];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'office',
      sdl: federation2(`
        type Query { desks: [Desk!]! }
        type Desk @key(fields: "number room { letter floor { level } }") { number: Int!  room: Room! }
        type Room { letter: String! @shareable  floor: Floor! @shareable  lamps: Int! }
        type Floor { level: Int! @shareable  carpet: String! }
      `),
      resolvers: { Query: { desks: () => desks } },
    },
    {
      name: 'bookings',
      sdl: federation2(`
        type Desk @key(fields: "number room { letter floor { level } }") {
          number: Int!
          room: Room!
          bookedBy: String
          referenceAsSent: String!
        }
        type Room @shareable { letter: String!  floor: Floor! }
        type Floor @shareable { level: Int! }
      `),
      resolvers: {
        Desk: {
          bookedBy: ({ number, room }: Desk) =>
            room.letter === 'B' ? `${number}-${room.floor.level}` : null,
          referenceAsSent: (reference: Desk) => JSON.stringify(reference),
        },
      },
    },
  ],
  cases: {
    'the nested key finds the entity': {
      query: '{ desks { bookedBy } }',
      expected: { data: { desks: [{ bookedBy: null }, { bookedBy: '2-3' }] } },
      fetches: 2,
    },
    'what the client asks beside the key is not sent as part of it': {
      query: '{ desks { room { lamps floor { carpet } } referenceAsSent } }',
      expected: {
        data: {
          desks: [
            {
              room: { lamps: 2, floor: { carpet: 'red' } },
              referenceAsSent: '{"__typename":"Desk","number":1,"room":{"letter":"A","floor":{"level":3}}}',
            },
            {
              room: { lamps: 4, floor: { carpet: 'red' } },
              referenceAsSent: '{"__typename":"Desk","number":2,"room":{"letter":"B","floor":{"level":3}}}',
            },
          ],
        },
      },
      fetches: 2,
    },
  },
};
