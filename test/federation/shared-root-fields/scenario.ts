/** A root field that several subgraphs resolve is asked where most of the rest is asked, and of as few as can be. */
import { federation2, type Scenario } from '../../support/federation-scenario.ts';

const name = (subgraph: string) => () => `answered by ${subgraph}`;

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'left',
      sdl: federation2(`
        type Query { clock: Clock! @shareable  onlyLeft: String! }
        type Clock { zone: String! @shareable  hour: Int!  by: String! @shareable }
      `),
      resolvers: {
        Query: { clock: () => ({ zone: 'UTC', hour: 7 }), onlyLeft: name('left') },
        Clock: { by: name('left') },
      },
    },
    {
      name: 'right',
      sdl: federation2(`
        type Query { clock: Clock! @shareable  onlyRight: String! }
        type Clock { zone: String! @shareable  minute: Int!  by: String! @shareable }
      `),
      resolvers: {
        Query: { clock: () => ({ zone: 'UTC', minute: 30 }), onlyRight: name('right') },
        Clock: { by: name('right') },
      },
    },
  ],
  cases: {
    'what one of them holds alone decides': {
      query: '{ clock { minute zone by } }',
      expected: { data: { clock: { minute: 30, zone: 'UTC', by: 'answered by right' } } },
      fetches: 1,
    },
    'what each holds is merged into one object': {
      query: '{ clock { hour minute zone } }',
      expected: { data: { clock: { hour: 7, minute: 30, zone: 'UTC' } } },
      fetches: 2,
    },
    'two subgraphs are asked together for what is theirs alone': {
      query: '{ onlyRight onlyLeft }',
      expected: { data: { onlyRight: 'answered by right', onlyLeft: 'answered by left' } },
      fetches: 2,
    },
    'one object under two names': {
      query: '{ a: clock { hour } b: clock { minute } }',
      expected: { data: { a: { hour: 7 }, b: { minute: 30 } } },
      fetches: 2,
    },
  },
};
