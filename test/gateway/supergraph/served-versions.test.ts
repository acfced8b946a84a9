/** Supergraphs as other compositions write them, served by `--supergraph FILE --dev`. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseConfig } from '../../../gateway/config.ts';
import { composeSubgraphs } from '../../../registry/compose.ts';
import { federation2 } from '../../support/federation-scenario.ts';
import { startTestSubgraph, type TestSubgraphDefinition } from '../../support/test-subgraph.ts';
import { createWatchedGateway } from '../../support/watched-gateway.ts';

interface User {
  id: string;
  name: string;
}

const users: TestSubgraphDefinition = {
  name: 'users',
  sdl: `
    type Query { users: [User!]! }
    type User @key(fields: "id") { id: ID!  name(short: Boolean): String!  old: String }
  `,
  resolvers: {
    Query: { users: () => [{ id: 'u1' }] },
    User: {
      name: ({ id }: User, { short }: { short?: boolean }) => (short ? id : `User ${id}`),
      old: () => 'by users',
    },
  },
};

const posts: TestSubgraphDefinition = {
  name: 'posts',
  sdl: federation2(`
    type Query { posts: [Post!]! }
    type Post @key(fields: "id") { id: ID!  author: User! }
    type User @key(fields: "id") {
      id: ID!
      name(short: Boolean): String! @external
      posts: [Post!]!
      signature: String! @requires(fields: "name(short: true)")
      old: String @override(from: "users", label: "percent(5)")
    }
  `),
  resolvers: {
    Query: { posts: () => [{ id: 'p1', author: { id: 'u1' } }] },
    User: {
      posts: () => [{ id: 'p1' }],
      signature: ({ name }: User) => `-- ${name}`,
      old: () => 'by posts',
    },
  },
};

type Urls = Readonly<Record<'users' | 'posts', string>>;

/** As the composition of federation 1 wrote it. */
const federation1 = (urls: Urls): string => `
  schema
    @core(feature: "https://specs.apollo.dev/core/v0.1")
    @core(feature: "https://specs.apollo.dev/join/v0.1")
  { query: Query }

  directive @core(feature: String!) repeatable on SCHEMA
  directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet) on FIELD_DEFINITION
  directive @join__type(graph: join__Graph!, key: join__FieldSet) repeatable on OBJECT | INTERFACE
  directive @join__owner(graph: join__Graph!) on OBJECT | INTERFACE
  directive @join__graph(name: String!, url: String!) on ENUM_VALUE
  scalar join__FieldSet
  enum join__Graph {
    USERS @join__graph(name: "users" url: "${urls.users}")
    POSTS @join__graph(name: "posts" url: "${urls.posts}")
  }

  type Query {
    users: [User!]! @join__field(graph: USERS)
    posts: [Post!]! @join__field(graph: POSTS)
  }
  type User
    @join__owner(graph: USERS)
    @join__type(graph: USERS, key: "id")
    @join__type(graph: POSTS, key: "id")
  {
    id: ID! @join__field(graph: USERS)
    name(short: Boolean): String! @join__field(graph: USERS)
    old: String @join__field(graph: USERS)
    posts: [Post!]! @join__field(graph: POSTS)
    signature: String! @join__field(graph: POSTS, requires: "name(short: true)")
  }
  type Post @join__owner(graph: POSTS) @join__type(graph: POSTS, key: "id") {
    id: ID! @join__field(graph: POSTS)
    author: User! @join__field(graph: POSTS)
  }
`;

const composed = (urls: Urls): string =>
  composeSubgraphs(
    [users, posts].map(({ name, sdl }) => ({ name, sdl, routingUrl: urls[name as keyof Urls] })),
  ).supergraphSdl;

/** What a composition writes of links that concern subgraphs only. */
const withJoinedDirectives = (urls: Urls): string => {
  const sdl = composed(urls);
  expect(sdl).toContain('https://specs.apollo.dev/join/v0.5');
  expect(sdl).toContain('overrideLabel: "percent(5)"');
  return sdl.replace(
    'schema\n',
    `schema
  @join__directive(graphs: [POSTS], name: "link", args: {url: "https://specs.apollo.dev/hello/v0.1", import: ["@hello"]})\n`,
  );
};

test.each([
  { version: 'federation 1 (join v0.1)', toSupergraph: federation1 },
  {
    version: 'join v0.5 with @join__directive and the label of an override',
    toSupergraph: withJoinedDirectives,
  },
])('$version', async ({ toSupergraph }) => {
  const subgraphs = await Promise.all([users, posts].map(startTestSubgraph));
  const [usersUrl = '', postsUrl = ''] = subgraphs.map(({ url }) => url);
  const folder = await mkdtemp(join(tmpdir(), 'minigate-test-'));
  const supergraph = join(folder, 'supergraph.graphql');
  await writeFile(supergraph, toSupergraph({ users: usersUrl, posts: postsUrl }));
  const gateway = await createWatchedGateway(
    parseConfig({ supergraph, dev: true, port: 0, admin: { port: 0 } }),
  );

  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: '{ users { name signature posts { id } old } posts { author { id name signature } } }',
    }),
  });

  expect(await response.json()).toEqual({
    data: {
      users: [{ name: 'User u1', signature: '-- u1', posts: [{ id: 'p1' }], old: 'by users' }],
      posts: [{ author: { id: 'u1', name: 'User u1', signature: '-- u1' } }],
    },
  });

  await gateway.close();
  await rm(folder, { recursive: true });
  await Promise.all(subgraphs.map((subgraph) => subgraph.close()));
});
