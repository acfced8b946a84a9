/** An interface whose implementations live in different subgraphs: each item is completed where its type is at home. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const cars = [{ id: 'c1', doors: 4, wheels: 4 }];
const bikes = [{ id: 'b1', bell: true, wheels: 2 }];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'garage',
      sdl: federation2(`
        type Query { vehicles: [Vehicle]!  vehicle(id: ID!): Vehicle }
        interface Vehicle { id: ID! }
        type Car implements Vehicle @key(fields: "id") { id: ID!  doors: Int! }
        type Bike implements Vehicle @key(fields: "id") { id: ID! }
        type Sled implements Vehicle { id: ID!  dogs: Int! }
      `),
      resolvers: {
        Query: {
          vehicles: () => [
            { __typename: 'Bike', id: 'b1' },
            { __typename: 'Car', ...cars[0] },
            null,
            { __typename: 'Sled', id: 's1', dogs: 8 },
          ],
          vehicle: (_: unknown, { id }: { id: string }) => ({
            __typename: id[0] === 'b' ? 'Bike' : 'Car',
            id,
          }),
        },
        Car: { __resolveReference: byKey(cars, 'id') },
      },
    },
    {
      name: 'bikes',
      sdl: federation2(`
        interface Wheeled { wheels: Int! }
        type Bike implements Wheeled @key(fields: "id") { id: ID!  bell: Boolean!  wheels: Int! }
      `),
      resolvers: { Bike: { __resolveReference: byKey(bikes, 'id') } },
    },
    {
      name: 'cars',
      sdl: federation2(`
        type Query { wheeled: [Wheeled!]! }
        interface Wheeled { wheels: Int! }
        type Car implements Wheeled @key(fields: "id") { id: ID!  wheels: Int! }
      `),
      resolvers: {
        Query: { wheeled: () => [{ __typename: 'Car', ...cars[0] }] },
        Car: { __resolveReference: byKey(cars, 'id') },
      },
    },
  ],
  cases: {
    'each implementation gets its own fields, in the order of the list': {
      query:
        '{ vehicles { __typename id ... on Bike { bell } ... on Car { doors wheels } ... on Sled { dogs } } }',
      expected: {
        data: {
          vehicles: [
            { __typename: 'Bike', id: 'b1', bell: true },
            { __typename: 'Car', id: 'c1', doors: 4, wheels: 4 },
            null,
            { __typename: 'Sled', id: 's1', dogs: 8 },
          ],
        },
      },
      fetches: 3,
    },
    'an implementation that is not there is not fetched for': {
      query: '{ vehicle(id: "b1") { ... on Car { wheels } ... on Bike { bell } } }',
      expected: { data: { vehicle: { bell: true } } },
      fetches: 2,
    },
    'a fragment of another interface picks the implementations that share it': {
      query: '{ vehicles { id ... on Wheeled { wheels } } }',
      expected: {
        data: { vehicles: [{ id: 'b1', wheels: 2 }, { id: 'c1', wheels: 4 }, null, { id: 's1' }] },
      },
      fetches: 3,
    },
    'a list of an interface leads on to the other interface': {
      query: '{ wheeled { wheels ... on Vehicle { id ... on Car { doors } } } }',
      expected: { data: { wheeled: [{ wheels: 4, id: 'c1', doors: 4 }] } },
      fetches: 2,
    },
  },
};
