/** Serves one subgraph over HTTP: only requests signed by the gateway or by another service get in. */
import { ApolloServer, type BaseContext } from '@apollo/server';
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { buildSubgraphSchema } from '@apollo/subgraph';
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import Fastify, { type FastifyRequest } from 'fastify';
import { type GraphQLResolveInfo, parse } from 'graphql';
import { type Caller, HEADER, verifyRequest } from '../verify/index.ts';

export interface SubgraphOptions<Context extends BaseContext> {
  /** The audience that signatures must name. */
  readonly name: string;
  readonly typeDefs: string;
  readonly resolvers: Record<string, unknown>;
  /** The key shared with the gateway, for signatures. */
  readonly internalKey: string;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Made anew for each request, so that a DataLoader never outlives one. */
  createContext(caller: Caller, idempotencyKey: string | undefined): Context;
}

export interface RunningSubgraph {
  readonly url: string;
  close(): Promise<void>;
}

interface SignedBody {
  readonly caller: Caller;
  readonly params: unknown;
}

export async function serveSubgraph<Context extends BaseContext>(
  options: SubgraphOptions<Context>,
): Promise<RunningSubgraph> {
  const app = Fastify({ bodyLimit: 1_048_576, forceCloseConnections: 'idle' });
  const callers = new WeakMap<FastifyRequest, Caller>();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    try {
      const { caller, params } = readSigned(request, body, options);
      callers.set(request, caller);
      done(null, params);
    } catch (error) {
      done(Object.assign(error as Error, { statusCode: 401 }), undefined);
    }
  });

  const apollo = new ApolloServer<Context>({
    schema: buildSubgraphSchema({ typeDefs: parse(options.typeDefs), resolvers: options.resolvers as never }),
    introspection: true,
    includeStacktraceInErrorResponses: false,
    plugins: [
      fastifyApolloDrainPlugin(app),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
    ],
  });
  await apollo.start();
  await app.register(fastifyApollo(apollo), {
    path: '/graphql',
    method: ['POST'],
    context: async (request: FastifyRequest) => {
      const key = request.headers[HEADER.idempotencyKey];
      return options.createContext(
        callers.get(request) ?? { kind: 'guest' },
        typeof key === 'string' ? key : undefined,
      );
    },
  });
  const origin = await app.listen({ host: options.host, port: options.port });
  return {
    url: `${origin}/graphql`,
    close: async () => {
      await apollo.stop();
      await app.close();
    },
  };
}

function readSigned(
  request: FastifyRequest,
  body: Buffer,
  options: { name: string; internalKey: string; now: () => number },
): SignedBody {
  const caller = verifyRequest(
    {
      method: request.method,
      path: new URL(request.url, 'http://subgraph').pathname,
      headers: request.headers,
      body,
    },
    { audience: options.name, key: options.internalKey, now: options.now() },
  );
  return { caller, params: JSON.parse(body.toString('utf8')) };
}

/** The name that the client gave a root field: with an idempotency key it tells two fields of one request apart. */
export function responseName(info: GraphQLResolveInfo): string {
  return String(info.path.key);
}
