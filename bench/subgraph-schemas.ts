/** The four subgraphs of the workload as executable schemas over its data. */
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, parse } from 'graphql';
import { z } from 'zod';
import { readWorkload } from './workload.ts';

const dataSchema = z.object({
  users: z.array(z.object({ id: z.string(), name: z.string(), username: z.string(), birthday: z.int() })),
  products: z.array(
    z.object({ upc: z.string(), name: z.string(), price: z.int(), weight: z.int(), inStock: z.boolean() }),
  ),
  reviews: z.array(z.object({ id: z.string(), body: z.string(), product: z.object({ upc: z.string() }) })),
});

const { users, products, reviews } = dataSchema.parse(JSON.parse(readWorkload('data.json')));

const findUser = ({ id }: { id: string }) => users.find((user) => user.id === id);
const findProduct = ({ upc }: { upc: string }) => products.find((product) => product.upc === upc);
const findReview = ({ id }: { id: string }) => reviews.find((review) => review.id === id);

const accounts = toSchema(
  '"@key", "@shareable"',
  `type Query { me: User  user(id: ID!): User  users: [User] }
   type User @key(fields: "id") { id: ID!  name: String  username: String @shareable  birthday: Int }`,
  {
    Query: {
      me: () => users[0],
      user: (_: unknown, key: { id: string }) => findUser(key),
      users: () => users,
    },
    User: { __resolveReference: findUser },
  },
);

const inventory = toSchema(
  '"@key", "@external", "@requires"',
  `type Product @key(fields: "upc") {
     upc: String!
     weight: Int @external
     price: Int @external
     inStock: Boolean
     shippingEstimate: Int @requires(fields: "price weight")
   }`,
  {
    Product: {
      // The price and weight that the gateway sends are kept: they, not this subgraph's own, are what is asked about.
      __resolveReference: (product: { upc: string }) => ({
        ...product,
        inStock: findProduct(product)?.inStock,
      }),
      shippingEstimate: ({ price, weight }: { price: number; weight: number }) =>
        price > 1000 ? 0 : Math.floor(weight / 2),
    },
  },
);

const catalogue = toSchema(
  '"@key"',
  `type Query { topProducts(first: Int = 5): [Product] }
   type Product @key(fields: "upc") { upc: String!  name: String  price: Int  weight: Int }`,
  {
    Query: { topProducts: (_: unknown, { first }: { first: number }) => products.slice(0, first) },
    Product: { __resolveReference: findProduct },
  },
);

const opinions = toSchema(
  '"@key", "@external", "@provides"',
  `type Review @key(fields: "id") {
     id: ID!
     body: String
     product: Product
     author: User @provides(fields: "username")
   }
   type User @key(fields: "id") { id: ID!  username: String @external  reviews: [Review] }
   type Product @key(fields: "upc") { upc: String!  reviews: [Review] }`,
  {
    Review: { __resolveReference: findReview, author: () => ({ id: '1', username: 'urigo' }) },
    User: { reviews: () => reviews.slice(0, 2) },
    Product: {
      reviews: ({ upc }: { upc: string }) => reviews.filter(({ product }) => product.upc === upc),
    },
  },
);

/** By the path at which the supergraph expects them. */
export const subgraphSchemas: ReadonlyMap<string, GraphQLSchema> = new Map([
  ['/accounts', accounts],
  ['/inventory', inventory],
  ['/products', catalogue],
  ['/reviews', opinions],
]);

function toSchema(imports: string, sdl: string, resolvers: Record<string, unknown>): GraphQLSchema {
  const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: [${imports}])`;
  return buildSubgraphSchema({ typeDefs: parse(`${link}\n${sdl}`), resolvers: resolvers as never });
}
