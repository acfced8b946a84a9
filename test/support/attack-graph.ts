/** The graph that attacks are aimed at: four subgraphs with something to protect in each. */
import type { TestSubgraphDefinition } from './test-subgraph.ts';

const link = (imports: string): string =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${imports}])\n`;

/** By openid; everyone else is a USER. */
const rolesOf: Readonly<Record<string, readonly string[]>> = {
  'o-sim-admin': ['USER', 'ADMIN'],
  'o-trailing-space': ['USER', 'ADMIN '],
  'o-look-alike': ['USER', 'АDMIN'], // its first letter is Cyrillic
  'o-list': ['USER,ADMIN', '["ADMIN"]'],
  'o-prototype': ['__proto__', 'constructor'],
};

const users: TestSubgraphDefinition = {
  name: 'users',
  sdl: `${link('"@key", "@shareable", "@inaccessible", "@authenticated", "@requiresScopes", "@listSize"')}
    type Query {
      me: User @authenticated
      user(id: ID!): User
      users(first: Int = 10, role: Level): [User!]! @listSize(slicingArguments: ["first"])
      node(id: ID!): Node
      account(id: ID = "me", ids: [ID!], where: AccountFilter, kind: Level): User
    }
    input AccountFilter { id: ID }
    type Mutation {
      login(name: String!): Boolean!
      wipe: Boolean!
      touch: Boolean!
      mayTouch: Boolean
      touchUser: User
      registerWechatIdentity(appId: String!, openid: String!, unionid: String): RegisteredIdentity! @inaccessible
      forgetWechatIdentity(
        eventId: String! appId: String! openid: String! everything: Boolean! revokeInfo: [Int!]!
      ): Boolean! @inaccessible
    }
    enum Level { LOW HIGH }
    interface Node { id: ID! }
    interface Ent implements Node { id: ID!  audit: String }
    type User implements Node & Ent @key(fields: "id") {
      id: ID!
      name: String
      audit: String
      ssn: String @requiresScopes(scopes: [["pii.read"]])
      hidden: String @inaccessible
      level: Level
      friends(first: Int): [User!]! @listSize(slicingArguments: ["first"], requireOneSlicingArgument: false)
      followers: [User!]!
    }
    type Secret implements Node & Ent { id: ID!  audit: String  code: String }
    type RegisteredIdentity @inaccessible { userId: ID!  roles: [String!]! }
  `,
  resolvers: {
    Query: {
      me: (_: unknown, __: unknown, { caller }: { caller: { userId: string } }) => person(caller.userId),
      user: (_: unknown, { id }: { id: string }) => person(id),
      users: (_: unknown, { first }: { first: number }) =>
        Array.from({ length: Math.min(first, 3) }, (_v, i) => person(`${i + 1}`)),
      account: () => person('me'),
      node: (_: unknown, { id }: { id: string }) => ({ __typename: 'User', ...person(id) }),
    },
    Mutation: {
      login: () => true,
      wipe: () => true,
      touch: () => true,
      mayTouch: () => true,
      touchUser: () => person('1'),
      forgetWechatIdentity: () => true,
      registerWechatIdentity: (_: unknown, { openid }: { openid: string }) => ({
        userId: openid,
        roles: rolesOf[openid] ?? ['USER'],
      }),
    },
    User: {
      __resolveReference: ({ id }: { id: string }) => person(id),
      friends: () => [person('2')],
      followers: () => [person('3')],
    },
  },
};

const orders: TestSubgraphDefinition = {
  name: 'orders',
  sdl: `${link('"@key"')}
    type Query { orders: [Order!]! }
    type Mutation { place: Boolean }
    type Order { id: ID!  user: User }
    type User @key(fields: "id") { id: ID!  orders: [Order!]! }
  `,
  resolvers: {
    Query: { orders: () => [{ id: 'o1', user: { id: '1' } }] },
    Mutation: { place: () => true },
    User: { orders: () => [{ id: 'o1', user: { id: '1' } }] },
  },
};

const content: TestSubgraphDefinition = {
  name: 'content',
  sdl: `${link('"@key", "@external", "@requires"')}
    type Query { docs: [Doc!]!  media: [Media!]!  item: Item  items: [Item]  fresh: Fresh }
    type Mutation { fresh: Boolean }
    union Media = Doc | Clip
    type Doc { id: ID!  title: String }
    type Clip { id: ID!  seconds: Int  frames: Int  width: Int  height: Int }
    type Fresh { id: ID! }
    type Item @key(fields: "id") { id: ID!  price: Int @external  cost: Int @requires(fields: "price") }
  `,
  resolvers: {
    Query: {
      docs: () => [{ id: 'd1', title: 'One' }],
      media: () => [{ __typename: 'Doc', id: 'd1', title: 'One' }],
      item: () => ({ id: 'i1' }),
      items: () => [{ id: 'i1' }],
      fresh: () => ({ id: 'f1' }),
    },
    Mutation: { fresh: () => true },
    Item: { cost: ({ price }: { price: number }) => price * 2 },
  },
};

const admin: TestSubgraphDefinition = {
  name: 'admin',
  sdl: `${link('"@key"')}
    type Query { admin: Admin }
    type Admin { id: ID!  keys: [String!]! }
    type Item @key(fields: "id") { id: ID!  price: Int }
  `,
  resolvers: {
    Query: { admin: () => ({ id: 'a1', keys: ['k'] }) },
    Item: { __resolveReference: ({ id }: { id: string }) => ({ id, price: 21 }) },
  },
};

export const attackGraph: readonly TestSubgraphDefinition[] = [users, orders, content, admin];

function person(id: string) {
  return { id, name: `Person ${id}`, audit: 'seen', ssn: '110101199001011234', hidden: 'h' };
}
