/** Errors of subgraphs are told where the client sees their nulls: by its own names, at every place, and nowhere else. */
import { GraphQLError } from 'graphql';
import { federation2, type Scenario } from '../../support/federation-scenario.ts';

interface Boat {
  id: string;
}

const fail = (code: string) => () => {
  throw new GraphQLError('Something is wrong.', { extensions: { code } });
};

const boats = [{ id: 'ok' }, { id: 'lost' }];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'harbour',
      sdl: federation2(`
        type Query { boats: [Boat]!  grid: [[Boat]]  flagship: Boat  secret: String  shut: String }
        type Boat @key(fields: "id") { id: ID!  berth: String  twin: Boat }
        type Raft @key(fields: "id") { id: ID! }
        union Afloat = Boat | Raft
        extend type Query { afloat: [Afloat!]! }
      `),
      resolvers: {
        Query: {
          boats: () => boats,
          grid: () => [[{ id: 'ok' }, null], [{ id: 'lost' }]],
          flagship: () => ({ id: 'lost' }),
          secret: fail('FORBIDDEN'),
          shut: fail('A CODE OF ITS OWN'),
          afloat: () => [
            { __typename: 'Boat', id: 'ok' },
            { __typename: 'Raft', id: 'r1' },
          ],
        },
        Boat: {
          berth: ({ id }: Boat) => (id === 'lost' ? fail('NOT_FOUND')() : 'B1'),
          twin: ({ id }: Boat) => (id === 'lost' ? null : { id: 'lost' }),
        },
      },
    },
    {
      name: 'crew',
      sdl: federation2(`
        type Boat @key(fields: "id") { id: ID!  captain: String  mates: [Mate] }
        type Raft @key(fields: "id") { id: ID!  sailor: Mate }
        type Mate { name: String }
      `),
      resolvers: {
        Boat: {
          captain: ({ id }: Boat) => (id === 'lost' ? fail('NOT_FOUND')() : 'Ann'),
          mates: ({ id }: Boat) => [{ name: `of ${id}` }, { name: fail('BAD_USER_INPUT') }],
        },
        Raft: { sailor: () => ({ name: fail('NOT_FOUND') }) },
      },
    },
    {
      name: 'charts',
      sdl: federation2(`
        type Boat @key(fields: "id") { id: ID!  berth: String @external  route: String @requires(fields: "berth") }
      `),
      resolvers: { Boat: { route: ({ berth }: { berth: string }) => `from ${berth}` } },
    },
  ],
  cases: {
    'a root field keeps a code that clients may see': {
      query: '{ no: secret boats { id } }',
      expected: {
        data: { no: null, boats: [{ id: 'ok' }, { id: 'lost' }] },
        errors: [{ code: 'FORBIDDEN', path: ['no'] }],
      },
    },
    'a code of the subgraph alone is masked': {
      query: '{ shut }',
      expected: { data: { shut: null }, errors: [{ code: 'SUBGRAPH_ERROR', path: ['shut'] }] },
    },
    'a field of an entity is told by the place of the item and the name that the client gave': {
      query: '{ fleet: boats { master: captain } }',
      expected: {
        data: { fleet: [{ master: 'Ann' }, { master: null }] },
        errors: [{ code: 'NOT_FOUND', path: ['fleet', 1, 'master'] }],
      },
    },
    'below a field of an entity': {
      query: '{ flagship { team: mates { called: name } } }',
      expected: {
        data: { flagship: { team: [{ called: 'of lost' }, { called: null }] } },
        errors: [{ code: 'BAD_USER_INPUT', path: ['flagship', 'team', 1, 'called'] }],
      },
    },
    'in a list of lists': {
      query: '{ grid { captain } }',
      expected: {
        data: { grid: [[{ captain: 'Ann' }, null], [{ captain: null }]] },
        errors: [{ code: 'NOT_FOUND', path: ['grid', 1, 0, 'captain'] }],
      },
    },
    'an entity that is met at two places is told at both': {
      query: '{ boats { captain } flagship { captain } }',
      expected: {
        data: { boats: [{ captain: 'Ann' }, { captain: null }], flagship: { captain: null } },
        errors: [
          { code: 'NOT_FOUND', path: ['boats', 1, 'captain'] },
          { code: 'NOT_FOUND', path: ['flagship', 'captain'] },
        ],
      },
    },
    'an entity that is met twice in one list is told twice': {
      query: '{ boats { twin { captain } captain } }',
      expected: {
        data: {
          boats: [
            { twin: { captain: null }, captain: 'Ann' },
            { twin: null, captain: null },
          ],
        },
        errors: [
          { code: 'NOT_FOUND', path: ['boats', 0, 'twin', 'captain'] },
          { code: 'NOT_FOUND', path: ['boats', 1, 'captain'] },
        ],
      },
    },
    'what requires a field that failed fails by the same error': {
      query: '{ boats { route } }',
      expected: {
        data: { boats: [{ route: 'from B1' }, { route: null }] },
        errors: [{ code: 'NOT_FOUND', path: ['boats', 1, 'route'] }],
      },
      apollo: 'wrong',
    },
    'one part that fails leaves the others': {
      query: '{ flagship { id captain } boats { id berth } }',
      expected: {
        data: {
          flagship: { id: 'lost', captain: null },
          boats: [
            { id: 'ok', berth: 'B1' },
            { id: 'lost', berth: null },
          ],
        },
        errors: [
          { code: 'NOT_FOUND', path: ['flagship', 'captain'] },
          { code: 'NOT_FOUND', path: ['boats', 1, 'berth'] },
        ],
      },
    },
    'a skipped field tells nothing': {
      query: 'query ($no: Boolean!) { flagship { id captain @include(if: $no) } }',
      variables: { no: false },
      expected: { data: { flagship: { id: 'lost' } } },
    },
  },
};
