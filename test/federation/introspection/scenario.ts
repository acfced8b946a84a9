/** Questions about the schema and about data in one operation; the schema shows nothing of how it is federated. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const teas = [{ id: 't1', name: 'Oolong', origin: 'Fujian' }];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'teas',
      sdl: federation2(`
        type Query { teas: [Tea!]! }
        "Leaves and water."
        type Tea @key(fields: "id") { id: ID!  name: String!  old: Int @deprecated(reason: "no more") }
      `),
      resolvers: { Query: { teas: () => teas } },
    },
    {
      name: 'origins',
      sdl: federation2(`
        type Tea @key(fields: "id") {
          id: ID!
          name: String! @external
          origin(language: String = "en"): String
          label: String @requires(fields: "name")
        }
      `),
      resolvers: {
        Tea: { __resolveReference: byKey(teas, 'id'), label: ({ name }: { name: string }) => name },
      },
    },
  ],
  cases: {
    'data and schema in the order asked': {
      query:
        '{ __schema { queryType { name } } teas { origin __typename } type: __type(name: "Tea") { kind } }',
      expected: {
        data: {
          __schema: { queryType: { name: 'Query' } },
          teas: [{ origin: 'Fujian', __typename: 'Tea' }],
          type: { kind: 'OBJECT' },
        },
      },
      fetches: 2,
    },
    'the schema alone asks no subgraph': {
      query: '{ __type(name: "Tea") { name description fields { name isDeprecated } } __typename }',
      expected: {
        data: {
          __type: {
            name: 'Tea',
            description: 'Leaves and water.',
            fields: [
              { name: 'id', isDeprecated: false },
              { name: 'name', isDeprecated: false },
              { name: 'origin', isDeprecated: false },
              { name: 'label', isDeprecated: false },
            ],
          },
          __typename: 'Query',
        },
      },
      fetches: 0,
    },
    'by fragments, variables, conditions and aliases': {
      query: `
        query ($name: String!, $old: Boolean!) { ...Both  no: __schema @skip(if: $old) { queryType { name } } }
        fragment Both on Query {
          tea: __type(name: $name) { all: fields(includeDeprecated: $old) { name args { defaultValue } } }
          teas { name }
        }
      `,
      variables: { name: 'Tea', old: true },
      expected: {
        data: {
          tea: {
            all: [
              { name: 'id', args: [] },
              { name: 'name', args: [] },
              { name: 'origin', args: [{ defaultValue: '"en"' }] },
              { name: 'label', args: [] },
              { name: 'old', args: [] },
            ],
          },
          teas: [{ name: 'Oolong' }],
        },
      },
    },
    'once under a condition that does not hold, once without': {
      query: `query ($no: Boolean!) {
        __schema @include(if: $no) { description }
        ... @include(if: $no) { __schema { subscriptionType { name } } }
        __schema { queryType { name } }
      }`,
      variables: { no: false },
      expected: { data: { __schema: { queryType: { name: 'Query' } } } },
      apollo: 'wrong',
      fetches: 0,
    },
    'under names of the prototype': {
      query: '{ __proto__: __schema { queryType { name } } constructor: __type(name: "Nobody") { name } }',
      expected: JSON.parse('{"data":{"__proto__":{"queryType":{"name":"Query"}},"constructor":null}}'),
      fetches: 0,
    },
    'nothing of federation is to be seen': {
      query: '{ __schema { types { name } directives { name } } service: __type(name: "_Service") { name } }',
      expected: {
        data: {
          __schema: {
            types: [
              { name: 'Query' },
              { name: 'Tea' },
              { name: 'ID' },
              { name: 'String' },
              { name: 'Int' },
              { name: 'Boolean' },
              { name: '__Schema' },
              { name: '__Type' },
              { name: '__TypeKind' },
              { name: '__Field' },
              { name: '__InputValue' },
              { name: '__EnumValue' },
              { name: '__Directive' },
              { name: '__DirectiveLocation' },
            ],
            directives: [
              { name: 'include' },
              { name: 'skip' },
              { name: 'deprecated' },
              { name: 'specifiedBy' },
              { name: 'oneOf' },
            ],
          },
          service: null,
        },
      },
      fetches: 0,
    },
  },
};
