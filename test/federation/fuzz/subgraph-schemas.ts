/** The fuzzed graph's schemas: five subgraphs that share, extend, provide and require across every kind of type. */
import { federation2 } from '../../support/federation-scenario.ts';

const places = `
  type Address @shareable { street: String  city: City! }
  type City @shareable { name: String!  zone: Int }
`;

const accounts = federation2(`
  type Query {
    me: User!
    user(id: ID!): User
    users(first: Int, role: Role): [User!]!
    person(email: String!): Person
    people: [Person]!
  }
  type Mutation { rename(id: ID!, to: String!): User  resign: Boolean }
  interface Person { name(style: Style = FULL): String! }
  type User implements Person @key(fields: "id") @key(fields: "email") {
    id: ID!
    email: String!
    name(style: Style = FULL): String!
    role: Role!
    tags: [String!]!
    address: Address
    manager: User
    friends(first: Int = 3): [User!]!
    favourite: Book
  }
  type Guest implements Person { name(style: Style = FULL): String!  nickname: String }
  type Book @key(fields: "id", resolvable: false) { id: ID! }
  enum Role { ADMIN MEMBER GHOST @inaccessible }
  enum Style { FULL SHORT }
  ${places}
`);

const catalogue = federation2(`
  type Query {
    products(first: Int, kinds: [Kind!]): [Product!]!
    product(id: ID!): Product
    search(filter: Filter): [Found!]!
    shelves: [[Product]]!
    categories: [Category!]!
  }
  interface Product @key(fields: "id") {
    id: ID!
    title: String!
    price(currency: Currency = EUR): Int
    category: Category!
  }
  type Book implements Product @key(fields: "id") {
    id: ID!
    title: String!
    price(currency: Currency = EUR): Int
    category: Category!
    pages: Int!
    author: User
    related(first: Int): [Product!]!
  }
  type Gadget implements Product @key(fields: "id") {
    id: ID!
    title: String! @shareable
    price(currency: Currency = EUR): Int
    category: Category!
    volts: Float
    parts: [Gadget!]
  }
  type Bundle implements Product @key(fields: "id") {
    id: ID!
    title: String!
    price(currency: Currency = EUR): Int
    category: Category!
    items: [Product!]!
  }
  type Category @key(fields: "slug") {
    slug: ID!
    name: String!
    parent: Category
    products(first: Int = 2): [Product!]!
  }
  union Found = Book | Gadget | Category | User
  type User @key(fields: "id", resolvable: false) { id: ID! }
  enum Kind { BOOK GADGET BUNDLE }
  enum Currency { EUR USD }
  input Filter { text: String  kinds: [Kind!] = [BOOK]  limit: Int  or: Filter }
`);

const stock = federation2(`
  type Query {
    scarce(first: Int): [Gadget!]! @provides(fields: "title")
    warehouses: [Warehouse!]!
    heavy(atLeast: Int!): [Weighed!]!
  }
  interface Weighed { weight: Int }
  type Book implements Weighed @key(fields: "id") { id: ID!  weight: Int  copies: Int! }
  type Gadget implements Weighed @key(fields: "id") {
    id: ID!
    title: String! @external
    weight: Int
    size: Size
    copies: Int!
    warehouse: Warehouse
  }
  type Bundle implements Weighed @key(fields: "id") { id: ID!  weight: Int }
  type Warehouse @key(fields: "country code") {
    country: String!
    code: Int!
    address: Address
    stock: [Stocked!]!
  }
  type Size { width: Int!  height: Int!  unit: Unit }
  enum Unit { CM INCH }
  union Stocked = Book | Gadget
  ${places}
`);

const shipping = federation2(`
  type Query { carriers: [Carrier!]! }
  type Book @key(fields: "id") {
    id: ID!
    weight: Int @external
    shipping(to: String = "home"): Int @requires(fields: "weight")
  }
  type Gadget @key(fields: "id") {
    id: ID!
    weight: Int @external
    size: Size @external
    price(currency: Currency = EUR): Int @external
    shipping(to: String = "home"): Int @requires(fields: "weight size { width height }")
    insured: Int @requires(fields: "price(currency: USD)")
    taxed: String! @requires(fields: "price(currency: EUR) weight")
  }
  type Size @external { width: Int!  height: Int! }
  enum Currency { EUR USD }
  type Warehouse @key(fields: "country code") {
    country: String!
    code: Int!
    carriers: [Carrier!]!
    backup: Carrier
  }
  interface Carrier { name: String!  speed: Int! }
  type Truck implements Carrier { name: String!  speed: Int!  wheels: Int! }
  type Drone implements Carrier { name: String!  speed: Int!  range: Float!  base: Warehouse }
`);

const reviews = federation2(`
  type Query { latest(first: Int = 2): [Review!]!  best: Product  feed: [Entry]! }
  type Mutation { praise(id: ID!, stars: Int!): Review }
  type Product @key(fields: "id") @interfaceObject {
    id: ID!
    reviews(first: Int, minimum: Int): [Review!]!
    score: Float
  }
  type Review @key(fields: "id") {
    id: ID!
    body(length: Int): String
    stars: Int!
    author: Author
    product: Product!
    replies: [[Reply]]
  }
  type User @key(fields: "id") { id: ID!  reviews: [Review!]! }
  type Reply { text: String!  by: User! }
  type Visitor { handle: String! }
  union Author = User | Visitor
  union Entry = Review | Reply | User
`);

export const subgraphSchemas = { accounts, catalogue, stock, shipping, reviews } as const;
