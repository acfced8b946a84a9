/** Lists can be required: of scalars, of objects, of entities; in their order, with their nulls. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

interface Team {
  id: string;
  scores: (number | null)[];
  players: ({ shirt: number } | null)[] | null;
  stadiums: { code: string; seats: number }[];
}

const teams = [
  {
    id: 't1',
    scores: [3, null, 1],
    players: [{ shirt: 9, name: 'Ny' }, null],
    stadiums: [{ code: 's1' }, { code: 's2' }],
  },
  { id: 't2', scores: [], players: null, stadiums: [] },
];
const stadiums = [
  { code: 's1', seats: 100 },
  { code: 's2', seats: 50 },
];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'league',
      sdl: federation2(`
        type Query { teams: [Team!]! }
        type Team @key(fields: "id") {
          id: ID!
          scores: [Int]!
          players: [Player]
          stadiums: [Stadium!]!
        }
        type Player { shirt: Int!  name: String! }
        type Stadium @key(fields: "code") { code: ID! }
      `),
      resolvers: { Query: { teams: () => teams } },
    },
    {
      name: 'stadiums',
      sdl: federation2('type Stadium @key(fields: "code") { code: ID!  seats: Int! }'),
      resolvers: { Stadium: { __resolveReference: byKey(stadiums, 'code') } },
    },
    {
      name: 'statistics',
      sdl: federation2(`
        type Team @key(fields: "id") {
          id: ID!
          scores: [Int]! @external
          players: [Player] @external
          stadiums: [Stadium!]! @external
          scoreLine: String! @requires(fields: "scores")
          shirts: String! @requires(fields: "players { shirt }")
          seats: Int! @requires(fields: "stadiums { seats }")
        }
        type Player @external { shirt: Int! }
        type Stadium @key(fields: "code") { code: ID!  seats: Int! @external }
      `),
      resolvers: {
        Team: {
          scoreLine: ({ scores }: Team) => JSON.stringify(scores),
          shirts: ({ players }: Team) => JSON.stringify(players),
          seats: (team: Team) => team.stadiums.reduce((sum, { seats }) => sum + seats, 0),
        },
      },
    },
  ],
  cases: {
    'a list of scalars': {
      query: '{ teams { scoreLine } }',
      expected: { data: { teams: [{ scoreLine: '[3,null,1]' }, { scoreLine: '[]' }] } },
      fetches: 2,
    },
    'a list of objects, without what the client asks of them': {
      query: '{ teams { players { name } shirts } }',
      expected: {
        data: {
          teams: [
            { players: [{ name: 'Ny' }, null], shirts: '[{"shirt":9},null]' },
            { players: null, shirts: 'null' },
          ],
        },
      },
      fetches: 2,
    },
    'a list of entities whose field is fetched from a third subgraph first': {
      query: '{ teams { seats } }',
      expected: { data: { teams: [{ seats: 150 }, { seats: 0 }] } },
      fetches: 3,
    },
  },
};
