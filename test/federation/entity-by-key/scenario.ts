/** A field of another subgraph is fetched by the entity's key, once for all items and not at all where none is. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const books = [
  { isbn: 'b1', title: 'Sail' },
  { isbn: 'b2', title: 'Oar' },
];
const stock = [
  { isbn: 'b1', copies: 3 },
  { isbn: 'b2', copies: 0 },
];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'catalogue',
      sdl: federation2(`
        type Query { books: [Book!]!  book(isbn: ID!): Book }
        type Book @key(fields: "isbn") { isbn: ID!  title: String! }
      `),
      resolvers: {
        Query: {
          books: () => books,
          book: (_: unknown, { isbn }: { isbn: string }) => books.find((book) => book.isbn === isbn),
        },
        Book: { __resolveReference: byKey(books, 'isbn') },
      },
    },
    {
      name: 'stock',
      sdl: federation2(`
        type Query { emptyShelves: [Book!]! }
        type Book @key(fields: "isbn") { isbn: ID!  copies: Int! }
      `),
      resolvers: {
        Query: { emptyShelves: () => stock.filter(({ copies }) => copies === 0) },
        Book: { __resolveReference: byKey(stock, 'isbn') },
      },
    },
  ],
  cases: {
    'a list of entities is completed by one fetch': {
      query: '{ books { copies title isbn } }',
      expected: {
        data: {
          books: [
            { copies: 3, title: 'Sail', isbn: 'b1' },
            { copies: 0, title: 'Oar', isbn: 'b2' },
          ],
        },
      },
      fetches: 2,
    },
    'the key that the client did not ask for stays inside': {
      query: '{ books { copies } }',
      expected: { data: { books: [{ copies: 3 }, { copies: 0 }] } },
      fetches: 2,
    },
    'the other direction works as well': {
      query: '{ emptyShelves { title copies } }',
      expected: { data: { emptyShelves: [{ title: 'Oar', copies: 0 }] } },
      fetches: 2,
    },
    'an entity that is not there is null, and nothing is fetched for it': {
      query: '{ book(isbn: "none") { title copies } }',
      expected: { data: { book: null } },
      fetches: 1,
    },
    'two ways to one entity in one operation answer alike': {
      query: '{ books { isbn copies } book(isbn: "b2") { copies } }',
      expected: {
        data: {
          books: [
            { isbn: 'b1', copies: 3 },
            { isbn: 'b2', copies: 0 },
          ],
          book: { copies: 0 },
        },
      },
    },
    'a field of one subgraph alone asks that one alone': {
      query: '{ books { title } }',
      expected: { data: { books: [{ title: 'Sail' }, { title: 'Oar' }] } },
      fetches: 1,
    },
  },
};
