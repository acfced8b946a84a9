/** Values of another type than the schema says, and nulls that the subgraph does not report, are null and an error. */
import { federation2, type Scenario } from '../../support/federation-scenario.ts';

const published = `
  type Query { right: Wrong  wrong: Wrong  root: String!  list: [Wrong!] }
  type Wrong @key(fields: "id") {
    id: ID!
    int: Int
    float: Float
    string: String
    boolean: Boolean
    level: Level
    numbers: [Int]
    names: [String!]
    must: String!
  }
  enum Level { LOW HIGH }
`;

/** What the subgraph answers in truth: anything. */
const served = `
  scalar Anything
  type Query { right: Wrong  wrong: Wrong  root: Anything  list: [Wrong] }
  type Wrong @key(fields: "id") {
    id: ID!
    int: Anything
    float: Anything
    string: Anything
    boolean: Anything
    level: Anything
    numbers: Anything
    names: Anything
    must: Anything
  }
`;

const right = {
  id: '1',
  int: -7,
  float: 1,
  string: '',
  boolean: false,
  level: 'LOW',
  numbers: [1, null],
  names: [],
  must: 'm',
};
const wrong = {
  id: '2',
  int: 1.5,
  float: '1',
  string: { a: 1 },
  boolean: 0,
  level: 'MIDDLE',
  numbers: [1, '2', 2 ** 31],
  names: ['a', 7],
  must: null,
};

const bad = (...path: (string | number)[]) => ({ code: 'SUBGRAPH_BAD_RESPONSE', path });

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'careless',
      sdl: federation2(published),
      servedSdl: federation2(served),
      resolvers: {
        Query: { right: () => right, wrong: () => wrong, root: () => null, list: () => [right, null, wrong] },
      },
    },
    {
      name: 'careful',
      sdl: federation2('type Wrong @key(fields: "id") { id: ID!  note: String }'),
      resolvers: { Wrong: { note: ({ id }: { id: string }) => `note ${id}` } },
    },
  ],
  cases: {
    'what fits is passed on': {
      query: '{ right { int float string boolean level numbers names must } }',
      expected: {
        data: {
          right: {
            int: -7,
            float: 1,
            string: '',
            boolean: false,
            level: 'LOW',
            numbers: [1, null],
            names: [],
            must: 'm',
          },
        },
      },
    },
    'each value that does not fit is null by itself': {
      query: '{ wrong { int float string boolean level numbers names note } }',
      expected: {
        data: {
          wrong: {
            int: null,
            float: null,
            string: null,
            boolean: null,
            level: null,
            numbers: [1, null, null],
            names: null,
            note: 'note 2',
          },
        },
        errors: [
          bad('wrong', 'int'),
          bad('wrong', 'float'),
          bad('wrong', 'string'),
          bad('wrong', 'boolean'),
          bad('wrong', 'level'),
          bad('wrong', 'numbers', 1),
          bad('wrong', 'numbers', 2),
          bad('wrong', 'names', 1),
        ],
      },
      apollo: 'wrong',
    },
    'a null that may not be takes its object': {
      query: '{ wrong { must note } right { must note } }',
      expected: {
        data: { wrong: null, right: { must: 'm', note: 'note 1' } },
        errors: [bad('wrong', 'must')],
      },
      apollo: 'wrong',
    },
    'a null item that may not be takes its list': {
      query: '{ list { string } }',
      expected: { data: { list: null }, errors: [bad('list', 1)] },
      apollo: 'wrong',
    },
    'a null root field that may not be takes the answer': {
      query: '{ root right { id } }',
      expected: { data: null, errors: [bad('root')] },
      apollo: 'wrong',
    },
  },
};
