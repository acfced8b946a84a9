/** Arguments and input objects reach the subgraph as the client gave them; of input fields only those all know exist. */
import { federation2, type Scenario } from '../../support/federation-scenario.ts';

const echo = (_: unknown, args: object) => JSON.stringify(args);

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'left',
      sdl: federation2(`
        type Query {
          left(filter: Filter): String!
          flags(on: Boolean = true, off: Boolean, count: Int! = 3): String!
          nested(in: [[Filter!]]): String!
          scalars(json: Json, id: ID, float: Float): String!
        }
        input Filter { text: String!  limit: Int = 5  kinds: [Kind!]  inner: Filter  onlyLeft: Int }
        enum Kind { A B }
        scalar Json
      `),
      resolvers: { Query: { left: echo, flags: echo, nested: echo, scalars: echo } },
    },
    {
      name: 'right',
      sdl: federation2(`
        type Query { right(filter: Filter): String! }
        input Filter { text: String!  limit: Int = 5  kinds: [Kind!]  inner: Filter }
        enum Kind { A B }
      `),
      resolvers: { Query: { right: echo } },
    },
  ],
  cases: {
    'a literal object': {
      query: '{ left(filter: { text: "a\\"b\\n", kinds: [B, A], inner: { text: "", limit: null } }) }',
      expected: {
        data: {
          left: '{"filter":{"text":"a\\"b\\n","limit":5,"kinds":["B","A"],"inner":{"text":"","limit":null}}}',
        },
      },
    },
    'one variable in two subgraphs': {
      query: 'query ($filter: Filter) { left(filter: $filter) right(filter: $filter) }',
      variables: { filter: { text: 'x', kinds: 'A' } },
      expected: {
        data: {
          left: '{"filter":{"text":"x","limit":5,"kinds":["A"]}}',
          right: '{"filter":{"text":"x","limit":5,"kinds":["A"]}}',
        },
      },
    },
    'variables inside an object and a list': {
      query: 'query ($text: String!, $kind: Kind!) { left(filter: { text: $text, kinds: [A, $kind] }) }',
      variables: { text: 'in', kind: 'B' },
      expected: { data: { left: '{"filter":{"text":"in","limit":5,"kinds":["A","B"]}}' } },
    },
    'a variable that is not given leaves the argument to its default': {
      query:
        'query ($on: Boolean, $off: Boolean, $count: Int = 4) { flags(on: $on, off: $off, count: $count) }',
      expected: { data: { flags: '{"on":true,"count":4}' } },
    },
    'null is not the same as absent': {
      query: 'query ($on: Boolean) { flags(on: $on, off: null) }',
      variables: { on: null },
      expected: { data: { flags: '{"on":null,"off":null,"count":3}' } },
    },
    'lists of lists of objects': {
      query: 'query ($in: [[Filter!]]) { nested(in: $in) one: nested(in: { text: "single" }) }',
      variables: { in: [[{ text: 'p' }], null, []] },
      expected: {
        data: {
          nested: '{"in":[[{"text":"p","limit":5}],null,[]]}',
          one: '{"in":[[{"text":"single","limit":5}]]}',
        },
      },
    },
    'a scalar of the subgraphs own takes any value': {
      query:
        'query ($json: Json) { scalars(json: $json, id: 7, float: 1) x: scalars(json: { a: [1, { b: null }] }) }',
      variables: { json: { deep: [true, 1.5, 'x'] } },
      expected: {
        data: {
          scalars: '{"json":{"deep":[true,1.5,"x"]},"id":"7","float":1}',
          x: '{"json":{"a":[1,{"b":null}]}}',
        },
      },
    },
    'an input field that one subgraph does not know is refused': {
      query: '{ left(filter: { text: "a", onlyLeft: 1 }) }',
      expected: { status: 400, errors: [{ code: 'GRAPHQL_VALIDATION_FAILED' }] },
      fetches: 0,
    },
    'also by variable': {
      query: 'query ($filter: Filter) { left(filter: $filter) }',
      variables: { filter: { text: 'a', onlyLeft: 1 } },
      expected: { status: 400, errors: [{ code: 'BAD_USER_INPUT' }] },
      fetches: 0,
    },
  },
};
