/** One response name may mean different fields of different types on each concrete type; each branch keeps its own. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const people = [{ id: 'p1', name: 'Bo' }];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'feed',
      sdl: federation2(`
        type Query { feed: [Post!]! }
        union Post = Photo | Poll
        type Photo { size: Size!  by: Person!  tags: [String!] }
        type Poll { size: String!  by: String!  tags: [[String!]!]! }
        type Size { width: Int! }
        type Person @key(fields: "id") { id: ID! }
      `),
      resolvers: {
        Query: {
          feed: () => [
            { __typename: 'Photo', size: { width: 3 }, by: { id: 'p1' }, tags: null },
            { __typename: 'Poll', size: 'large', by: 'Anonymous', tags: [['x', 'y'], []] },
          ],
        },
      },
    },
    {
      name: 'people',
      sdl: federation2('type Person @key(fields: "id") { id: ID!  name: String! }'),
      resolvers: { Person: { __resolveReference: byKey(people, 'id') } },
    },
  ],
  cases: {
    'an alias of two fields whose types agree in shape, not in null': {
      query: '{ feed { ... on Photo { v: size { width } } ... on Poll { w: size } } }',
      expected: { data: { feed: [{ v: { width: 3 } }, { w: 'large' }] } },
      fetches: 1,
    },
    'one name for a leaf in both branches': {
      query: '{ feed { ... on Photo { by { v: name } } ... on Poll { v: size } } }',
      expected: { data: { feed: [{ by: { v: 'Bo' } }, { v: 'large' }] } },
      fetches: 2,
    },
    'one name for an entity here and a list there is refused': {
      query: '{ feed { ... on Photo { v: by { name } } ... on Poll { v: tags } } }',
      expected: { status: 400, errors: [{ code: 'GRAPHQL_VALIDATION_FAILED' }] },
      fetches: 0,
    },
  },
};
