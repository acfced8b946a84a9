/** A small gateway for the sandbox's tests: Fastify, a schema with `me`, and logins that give tokens. */
import { ApolloServer } from '@apollo/server';
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import { fastify } from 'fastify';
import { GraphQLError } from 'graphql';
import { registerSandbox, type SandboxOptions } from '../../../gateway/sandbox/register-sandbox.ts';

const typeDefs = `
  type Query {
    "The person asking."
    me: User
  }
  type Mutation {
    rename(nickname: String!): User
  }
  type User {
    id: ID!
    nickname: String
    roles: [Role!]!
    avatar(size: Int!): String
    friends: [User!]!
  }
  enum Role { USER ADMIN SUPER }
`;

const users = {
  'simulator:user': { id: 'user-1', nickname: '小明', roles: ['USER'] },
  'simulator:admin': { id: 'user-2', nickname: '小红', roles: ['USER', 'ADMIN'] },
  'simulator:super': { id: 'user-3', nickname: '小刚', roles: ['USER', 'ADMIN', 'SUPER'] },
};

export const logins = [
  { label: 'USER', appId: 'wx1', code: 'simulator:user' },
  { label: 'ADMIN', appId: 'wx1', code: 'simulator:admin' },
  { label: 'SUPER', appId: 'wx1', code: 'simulator:super' },
  { label: 'NOBODY', appId: 'wx1', code: 'simulator:nobody' },
];

interface Context {
  readonly user: (typeof users)[keyof typeof users] | undefined;
}

function toUser(code: string) {
  return Object.entries(users).find(([known]) => known === code)?.[1];
}

/** Headers of the operations received, oldest first. */
export type ReceivedOperation = Readonly<
  Record<'operationName' | 'authorization' | 'idempotencyKey', string | undefined>
>;

export async function startSandboxHost(options: Partial<SandboxOptions> = {}) {
  // Closing must not wait for answers that a test did not read.
  const app = fastify({ forceCloseConnections: true });
  const operations: ReceivedOperation[] = [];
  const resolveMe = (_parent: unknown, _args: unknown, { user }: Context) => {
    if (!user) throw new GraphQLError('Log in first.', { extensions: { code: 'UNAUTHENTICATED' } });
    return user;
  };
  const server = new ApolloServer<Context>({
    typeDefs,
    resolvers: { Query: { me: resolveMe }, Mutation: { rename: resolveMe } },
    introspection: true,
    plugins: [fastifyApolloDrainPlugin(app)],
  });
  await server.start();
  await app.register(fastifyApollo(server), {
    path: '/graphql',
    method: ['POST'],
    context: async (request) => {
      const { authorization, 'idempotency-key': key } = request.headers;
      const { operationName } = request.body as { operationName?: string };
      operations.push({ operationName, authorization, idempotencyKey: key?.toString() });
      return { user: toUser(authorization?.replace('Bearer token of ', '') ?? '') };
    },
  });
  app.post<{ Body: { appId: string; code: string } }>('/login', async (request, reply) => {
    const user = toUser(request.body.code);
    if (!user) {
      const extensions = { code: 'INVALID_CODE', userMessage: '登录凭证无效。' };
      return reply.code(401).send({ errors: [{ message: 'The code is not valid.', extensions }] });
    }
    const { id, roles } = user;
    return { accessToken: `token of ${request.body.code}`, expiresInSeconds: 900, user: { id, roles } };
  });
  await app.register(registerSandbox, { graphqlPath: '/graphql', loginPath: '/login', logins, ...options });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { app, url, operations, close: () => app.close() };
}
