/**
 * Two fields that require one field with different arguments each get their own answer. Apollo's planner sends one
 * representation for both, so that one of them is computed from the other's.
 */
import { federation2, type Scenario } from '../../support/federation-scenario.ts';

interface Room {
  id: string;
  area: number;
}

const factors: Record<string, number> = { METRE: 1, FOOT: 10 };

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'plans',
      sdl: federation2(`
        type Query { rooms: [Room!]! }
        type Room @key(fields: "id") { id: ID!  area(unit: Unit! = METRE): Int! }
        enum Unit { METRE FOOT }
      `),
      resolvers: {
        Query: { rooms: () => [{ id: '12' }, { id: '30' }] },
        Room: { area: ({ id }: Room, { unit }: { unit: string }) => Number(id) * (factors[unit] ?? 0) },
      },
    },
    {
      name: 'paint',
      sdl: federation2(`
        type Room @key(fields: "id") {
          id: ID!
          area(unit: Unit! = METRE): Int! @external
          cans: Int! @requires(fields: "area(unit: METRE)")
          gallons: Int! @requires(fields: "area(unit: FOOT)")
          coats: Int!
        }
        enum Unit { METRE FOOT }
      `),
      resolvers: {
        Room: { cans: ({ area }: Room) => area, gallons: ({ area }: Room) => area, coats: () => 2 },
      },
    },
  ],
  cases: {
    'each alone: cans': {
      query: '{ rooms { cans } }',
      expected: { data: { rooms: [{ cans: 12 }, { cans: 30 }] } },
      fetches: 2,
    },
    'each alone: gallons': {
      query: '{ rooms { gallons } }',
      expected: { data: { rooms: [{ gallons: 120 }, { gallons: 300 }] } },
      fetches: 2,
    },
    'both together, in two calls of one request': {
      query: '{ rooms { cans gallons coats } }',
      expected: {
        data: {
          rooms: [
            { cans: 12, gallons: 120, coats: 2 },
            { cans: 30, gallons: 300, coats: 2 },
          ],
        },
      },
      fetches: 2,
      apollo: 'wrong',
    },
    'both together with the client asking a third way': {
      query: '{ rooms { gallons area cans feet: area(unit: FOOT) } }',
      expected: {
        data: {
          rooms: [
            { gallons: 120, area: 12, cans: 12, feet: 120 },
            { gallons: 300, area: 30, cans: 30, feet: 300 },
          ],
        },
      },
      fetches: 2,
      apollo: 'wrong',
    },
  },
};
