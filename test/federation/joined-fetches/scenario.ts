/** Of one subgraph the same is asked once: equal entities of one fetch, and equal fetches for different places. */
import { federation2, type Scenario } from '../../support/federation-scenario.ts';

interface City {
  name: string;
}

const reached: string[] = [];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'trips',
      sdl: federation2(`
        type Query { trips: [Trip!]!  home: City! }
        type Trip { from: City!  to: City!  stops: [City!]! }
        type City @key(fields: "name") { name: ID! }
      `),
      resolvers: {
        Query: {
          trips: () => [
            { from: { name: 'Oslo' }, to: { name: 'Lima' }, stops: [{ name: 'Rome' }, { name: 'Oslo' }] },
            { from: { name: 'Lima' }, to: { name: 'Oslo' }, stops: [] },
          ],
          home: () => ({ name: 'Oslo' }),
        },
      },
    },
    {
      name: 'cities',
      sdl: federation2(`
        type Query { reached: [String!]! }
        type City @key(fields: "name") { name: ID!  people: Int!  hills: Int! }
      `),
      resolvers: {
        Query: { reached: () => reached.splice(0) },
        City: {
          __resolveReference: ({ name }: City) => {
            reached.push(name);
            return { name, people: name.length, hills: 7 };
          },
        },
      },
    },
  ],
  cases: {
    'three places in one request': {
      query: '{ trips { from { people } to { people } stops { people } } }',
      expected: {
        data: {
          trips: [
            { from: { people: 4 }, to: { people: 4 }, stops: [{ people: 4 }, { people: 4 }] },
            { from: { people: 4 }, to: { people: 4 }, stops: [] },
          ],
        },
      },
      fetches: 2,
    },
    'each city was asked for once': {
      query: '{ reached }',
      expected: { data: { reached: ['Oslo', 'Lima', 'Rome'] } },
      apollo: 'wrong',
    },
    'places that ask different things are asked apart': {
      query: '{ trips { from { hills } to { people } } home { people hills } }',
      expected: {
        data: {
          trips: [
            { from: { hills: 7 }, to: { people: 4 } },
            { from: { hills: 7 }, to: { people: 4 } },
          ],
          home: { people: 4, hills: 7 },
        },
      },
    },
    'what one place does not ask it does not get': {
      query: '{ home { name } trips { to { people } } }',
      expected: { data: { home: { name: 'Oslo' }, trips: [{ to: { people: 4 } }, { to: { people: 4 } }] } },
      fetches: 2,
    },
  },
};
