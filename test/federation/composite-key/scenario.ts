/** A key of several fields identifies an entity only by all of them together. */
import { federation2, type Scenario } from '../../support/federation-scenario.ts';

interface Seat {
  row: string;
  number: number;
}

const seats = [
  { row: 'A', number: 1, width: 50 },
  { row: 'A', number: 2, width: 55 },
  { row: 'B', number: 1, width: 60 },
];
const guests = new Map([
  ['A1', 'Ann'],
  ['B1', 'Bo'],
]);

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'hall',
      sdl: federation2(`
        type Query { seats: [Seat!]! }
        type Seat @key(fields: "row number") { row: String!  number: Int!  width: Int! }
      `),
      resolvers: {
        Query: { seats: () => seats },
        Seat: {
          __resolveReference: (key: Seat) =>
            seats.find(({ row, number }) => row === key.row && number === key.number),
        },
      },
    },
    {
      name: 'tickets',
      sdl: federation2(`
        type Query { sold: [Seat!]! }
        type Seat @key(fields: "row number") { row: String!  number: Int!  guest: String }
      `),
      resolvers: {
        Query: {
          sold: () => [
            { row: 'B', number: 1 },
            { row: 'A', number: 1 },
          ],
        },
        Seat: { guest: ({ row, number }: Seat) => guests.get(`${row}${number}`) },
      },
    },
  ],
  cases: {
    'every part of the key is sent': {
      query: '{ seats { row guest } }',
      expected: {
        data: {
          seats: [
            { row: 'A', guest: 'Ann' },
            { row: 'A', guest: null },
            { row: 'B', guest: 'Bo' },
          ],
        },
      },
      fetches: 2,
    },
    'items come back in the order of their list': {
      query: '{ sold { width guest } }',
      expected: {
        data: {
          sold: [
            { width: 60, guest: 'Bo' },
            { width: 50, guest: 'Ann' },
          ],
        },
      },
      fetches: 2,
    },
  },
};
