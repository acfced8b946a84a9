/**
 * On what a subgraph knows only by its interface, a fragment may name another interface or a union that the subgraph
 * does not know. Apollo's planner gives up on it; naming the concrete types instead asks the same.
 */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const vehicles = [
  { __typename: 'Car', id: 'v1', wheels: 4 },
  { __typename: 'Boat', id: 'v2' },
];
const fuels = [{ id: 'v1', fuel: 'petrol' }];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'vehicles',
      sdl: federation2(`
        interface Vehicle @key(fields: "id") { id: ID! }
        type Car implements Vehicle @key(fields: "id") { id: ID!  wheels: Int! }
        type Boat implements Vehicle @key(fields: "id") { id: ID! }
        union Land = Car
      `),
      resolvers: {
        Vehicle: { __resolveReference: byKey(vehicles, 'id') },
        Car: { __resolveReference: byKey(vehicles, 'id') },
        Boat: { __resolveReference: byKey(vehicles, 'id') },
      },
    },
    {
      name: 'fuels',
      sdl: federation2(`
        interface Fuelled { fuel: String! }
        type Car implements Fuelled @key(fields: "id") { id: ID!  fuel: String! }
      `),
      resolvers: { Car: { __resolveReference: byKey(fuels, 'id') } },
    },
    {
      name: 'prices',
      sdl: federation2(`
        type Query { offers: [Vehicle!]! }
        type Vehicle @key(fields: "id") @interfaceObject { id: ID!  price: Int! }
      `),
      resolvers: {
        Query: { offers: () => vehicles.map(({ id }) => ({ id })) },
        Vehicle: { price: ({ id }: { id: string }) => Number(id[1]) * 100 },
      },
    },
  ],
  cases: {
    'another interface': {
      query: '{ offers { price ... on Fuelled { fuel } } }',
      expected: { data: { offers: [{ price: 100, fuel: 'petrol' }, { price: 200 }] } },
      planner: 'wrong',
    },
    'a union': {
      query: '{ offers { ... on Land { __typename ... on Car { wheels price } } } }',
      expected: { data: { offers: [{ __typename: 'Car', wheels: 4, price: 100 }, {}] } },
      planner: 'wrong',
    },
    'the concrete types': {
      query: '{ offers { price ... on Car { fuel wheels } } }',
      expected: { data: { offers: [{ price: 100, fuel: 'petrol', wheels: 4 }, { price: 200 }] } },
    },
  },
};
