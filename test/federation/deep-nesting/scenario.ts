/** A long way down, back and forth between two subgraphs: one fetch for each crossing, however many items there are. */
import { federation2, type Scenario } from '../../support/federation-scenario.ts';

interface Node {
  id: string;
}

const children = ({ id }: Node): Node[] => (id.length > 6 ? [] : [{ id: `${id}0` }, { id: `${id}1` }]);

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'even',
      sdl: federation2(`
        type Query { root: Node! }
        type Node @key(fields: "id") { id: ID!  left: Node }
      `),
      resolvers: { Query: { root: () => ({ id: 'r' }) }, Node: { left: (node: Node) => children(node)[0] } },
    },
    {
      name: 'odd',
      sdl: federation2('type Node @key(fields: "id") { id: ID!  right: Node  both: [Node!]!  depth: Int! }'),
      resolvers: {
        Node: {
          right: (node: Node) => children(node)[1],
          both: children,
          depth: ({ id }: Node) => id.length,
        },
      },
    },
  ],
  cases: {
    'eight levels by turns': {
      query: '{ root { left { right { left { right { left { right { left { id } } } } } } } } }',
      expected: {
        data: {
          root: { left: { right: { left: { right: { left: { right: { left: null } } } } } } },
        },
      },
    },
    'lists of lists of items are one fetch per level': {
      query: '{ root { both { both { left { depth } } } } }',
      expected: {
        data: {
          root: {
            both: [
              { both: [{ left: { depth: 4 } }, { left: { depth: 4 } }] },
              { both: [{ left: { depth: 4 } }, { left: { depth: 4 } }] },
            ],
          },
        },
      },
      fetches: 4,
    },
  },
};
