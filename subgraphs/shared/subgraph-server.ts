/** Serves one subgraph over HTTP: only requests signed by the gateway or by another service get in. */
import { ApolloServer, type BaseContext } from '@apollo/server';
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { buildSubgraphSchema } from '@apollo/subgraph';
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import Fastify, { type FastifyRequest } from 'fastify';
import { type GraphQLFormattedError, type GraphQLResolveInfo, parse } from 'graphql';
import {
  type Caller,
  createNonceMemory,
  HEADER,
  UnsignedRequestError,
  type VerifyOptions,
  verifyRequest,
} from '../verify/index.ts';
import type { SubgraphSettings } from './subgraph-settings.ts';

export interface SubgraphOptions<Context extends BaseContext>
  extends Omit<SubgraphSettings, 'database' | 'onQuery'> {
  /** The audience that signatures must name. */
  readonly name: string;
  readonly typeDefs: string;
  readonly resolvers: Record<string, unknown>;
  /** Made anew for each request, so that a DataLoader never outlives one. */
  createContext(caller: Caller, idempotencyKey: string | undefined): Context;
}

export interface RunningSubgraph {
  readonly url: string;
  close(): Promise<void>;
}

export async function serveSubgraph<Context extends BaseContext>(
  options: SubgraphOptions<Context>,
): Promise<RunningSubgraph> {
  const app = Fastify({ bodyLimit: 1_048_576, forceCloseConnections: 'idle' });
  const callers = new WeakMap<FastifyRequest, Caller>();
  const spendNonce = createNonceMemory({ now: options.now });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      callers.set(
        request,
        readCaller(request, body, {
          audience: options.name,
          key: options.internalKey,
          now: options.now(),
          spendNonce,
        }),
      );
      return parseJson(body);
    },
  );
  // Without a body no parser runs, and nobody has looked at the signature.
  app.addHook('preValidation', async (request) => {
    if (!callers.has(request)) throw withStatus(401, new UnsignedRequestError('the request has no body'));
  });

  const apollo = new ApolloServer<Context>({
    schema: buildSubgraphSchema({ typeDefs: parse(options.typeDefs), resolvers: options.resolvers as never }),
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError: (formatted, error) => maskFault(formatted, error, options.onFault),
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

function readCaller(request: FastifyRequest, body: Buffer, options: VerifyOptions): Caller {
  const { pathname } = new URL(request.url, 'http://subgraph');
  try {
    return verifyRequest({ method: request.method, path: pathname, headers: request.headers, body }, options);
  } catch (error) {
    throw error instanceof UnsignedRequestError ? withStatus(401, error) : error;
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw withStatus(400, new SyntaxError('the body is not JSON'));
  }
}

function withStatus(statusCode: number, error: Error): Error {
  return Object.assign(error, { statusCode });
}

/** Errors without a code of their own tell of this program's inside, such as the text of a statement. */
function maskFault(
  formatted: GraphQLFormattedError,
  error: unknown,
  onFault: ((error: unknown) => void) | undefined,
): GraphQLFormattedError {
  if (formatted.extensions?.code !== 'INTERNAL_SERVER_ERROR') return formatted;
  onFault?.(error);
  return { ...formatted, message: 'Internal error', extensions: { code: 'INTERNAL_SERVER_ERROR' } };
}

/** The name that the client gave a root field: with an idempotency key it tells two fields of one request apart. */
export function responseName(info: GraphQLResolveInfo): string {
  return String(info.path.key);
}
