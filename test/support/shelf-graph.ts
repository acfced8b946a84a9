/** Three subgraphs that share things in every way a federation knows, to be protected whoever resolves them. */
import type { TestSubgraphDefinition } from './test-subgraph.ts';

const link = (imports: string): string =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${imports}])\n`;

const shelf: TestSubgraphDefinition = {
  name: 'shelf',
  sdl: `${link('"@key", "@shareable", "@external", "@requires", "@provides", "@context", "@fromContext", "@policy"')}
    type Query { shelf: Shelf  thing: Thing  report: String @policy(policies: [["weekday", "staff"], ["owner"]]) }
    interface Thing @key(fields: "id") { id: ID! }
    type Book implements Thing @key(fields: "id") {
      id: ID!
      moved: String
      shared: String @shareable
      secret: String @external
      derived: String @requires(fields: "secret")
      derivedAgain: String @requires(fields: "derivedElsewhere")
      derivedElsewhere: String @external
    }
    type Cup implements Thing @key(fields: "id") { id: ID! }
    type Shelf @key(fields: "id") @context(name: "shelf") {
      id: ID!
      code: String
      slot: Slot
      first: Book @provides(fields: "secret")
    }
    type Slot @key(fields: "id") { id: ID!  label(code: String @fromContext(field: "$shelf { code }")): String }
  `,
  resolvers: {
    Query: {
      shelf: () => ({ id: 's1', code: 'c', slot: { id: 'l1' }, first: { id: 'b1', secret: 'x' } }),
      thing: () => ({ __typename: 'Book', id: 'b1', moved: 'here', shared: 'both' }),
      report: () => 'all is well',
    },
    Book: { derived: () => 'd', derivedAgain: () => 'd' },
    Slot: { label: () => 'l' },
  },
};

const store: TestSubgraphDefinition = {
  name: 'store',
  sdl: `${link('"@key", "@shareable", "@override", "@external", "@requires"')}
    type Query { books: [Book] }
    type Book @key(fields: "id") {
      id: ID!
      moved: String @override(from: "shelf")
      shared: String @shareable
      secret: String @shareable
      second: String
      derived: String @external
      derivedElsewhere: String @requires(fields: "derived")
    }
  `,
  resolvers: {
    Query: { books: () => [{ id: 'b1', moved: 'there', shared: 'both', secret: 'x', second: '2' }] },
    Book: {
      __resolveReference: ({ id }: { id: string }) => ({
        ...{ id, moved: 'there', shared: 'both', secret: 'x', second: '2', derivedElsewhere: 'e' },
      }),
    },
  },
};

const marks: TestSubgraphDefinition = {
  name: 'marks',
  sdl: `${link('"@key", "@interfaceObject"')}
    type Thing @interfaceObject @key(fields: "id") { id: ID!  mark: String  openMark: String }
  `,
  resolvers: {
    Thing: { __resolveReference: ({ id }: { id: string }) => ({ id, mark: 'm', openMark: 'o' }) },
  },
};

export const shelfGraph: readonly TestSubgraphDefinition[] = [shelf, store, marks];
