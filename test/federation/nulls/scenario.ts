/** Null where it may be: in lists, in keys, in place of entities. An entity whose key is null is not fetched. */
import { federation2, type Scenario } from '../../support/federation-scenario.ts';

interface Room {
  id: string | null;
  wing?: string;
}

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'hotel',
      sdl: federation2(`
        type Query { rooms: [Room]!  maybe: Room  annex: [Annex!]! }
        type Room @key(fields: "id") { id: ID  floor: Int }
        type Annex @key(fields: "wing number") { wing: String  number: Int! }
      `),
      resolvers: {
        Query: {
          rooms: () => [{ id: '1', floor: 1 }, null, { id: null, floor: 3 }, { id: '4', floor: null }],
          maybe: () => null,
          annex: () => [
            { wing: 'W', number: 1 },
            { wing: null, number: 2 },
          ],
        },
      },
    },
    {
      name: 'cleaning',
      sdl: federation2(`
        type Room @key(fields: "id") { id: ID  cleanedBy: String }
        type Annex @key(fields: "wing number") { wing: String  number: Int!  seenAs: String! }
      `),
      resolvers: {
        Room: {
          __resolveReference: (room: Room) => (room.id === '4' ? null : room),
          cleanedBy: ({ id }: Room) => `cleaner of ${id}`,
        },
        Annex: { seenAs: ({ wing }: Room) => `wing ${wing}` },
      },
    },
  ],
  cases: {
    'absent items, null keys and unknown entities leave null': {
      query: '{ rooms { floor cleanedBy } }',
      expected: {
        data: {
          rooms: [
            { floor: 1, cleanedBy: 'cleaner of 1' },
            null,
            { floor: 3, cleanedBy: 'cleaner of null' },
            { floor: null, cleanedBy: null },
          ],
        },
      },
      fetches: 2,
    },
    'an absent object asks nothing': {
      query: '{ maybe { cleanedBy } }',
      expected: { data: { maybe: null } },
      fetches: 1,
    },
    'null is a part of a composite key like any value': {
      query: '{ annex { seenAs } }',
      expected: { data: { annex: [{ seenAs: 'wing W' }, { seenAs: 'wing null' }] } },
      fetches: 2,
    },
  },
};
