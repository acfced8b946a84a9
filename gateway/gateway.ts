/** Puts the gateway together: one schema generation, the ways in, and an orderly end. */
import { readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { loadPolicy } from './access/load-policy.ts';
import { roles as defaultRoles } from './access/roles.ts';
import type { Config } from './config.ts';
import { createApolloEngine } from './execution/apollo-engine.ts';
import { createGeneration, type Generation } from './generation.ts';
import { createAdminServer } from './http/admin.ts';
import { registerAuthRoutes, wechatLoginPath } from './http/auth-routes.ts';
import { type GraphqlRoute, registerGraphqlRoute } from './http/graphql-route.ts';
import { createHttpServer } from './http/server.ts';
import { createAuthenticate } from './identity/authenticate.ts';
import { createLogin } from './identity/login.ts';
import { registerIdentity } from './identity/register-identity.ts';
import { createSessionStore } from './identity/session-store.ts';
import { createSessionTokens, toSigningKey } from './identity/session-token.ts';
import { createCode2Session } from './identity/wechat/code2session.ts';
import { loadSafelist } from './persisted/safelist.ts';
import { createRunOperation } from './pipeline.ts';
import { StartupError } from './startup-error.ts';
import { loadSupergraph } from './supergraph/load-supergraph.ts';
import { createLog } from './telemetry/log.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { observeOperation } from './telemetry/observe-operation.ts';
import { createSubgraphClient, type SubgraphClient } from './upstream/subgraph-client.ts';

export interface Gateway {
  /** Where clients reach it, such as `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly adminUrl: string;
  /** Takes no new requests, finishes those in flight, then ends. */
  close(): Promise<void>;
}

export interface GatewayParts {
  readonly log?: Logger;
  /** Milliseconds since 1970; for sessions and tokens. */
  readonly now?: () => number;
}

const graphqlPath = '/graphql';

/** For refusals to leave before the sockets are cut. */
const timeToAnswerMs = 500;

/** @throws StartupError naming what is wrong and the remedy */
export async function createGateway(config: Config, parts: GatewayParts = {}): Promise<Gateway> {
  const log = parts.log ?? createLog(config.log.level);
  const now = parts.now ?? Date.now;
  const metrics = createMetrics();
  const subgraphs = createSubgraphClient({
    internalKey: config.internalKey,
    ...config.subgraphs,
    onFetch: metrics.countFetch,
  });
  const policy = config.policy === undefined ? undefined : await loadPolicy(config.policy);
  const generation = await startGeneration(config, policy?.rules, subgraphs, log);
  metrics.setGeneration(generation.version);

  const sessions = createSessionStore({
    lifetimeMs: config.session.lifetimeSeconds * 1000,
    maxSessions: config.session.maxSessions,
    now,
  });
  const tokens = createSessionTokens({
    privateKey: toSigningKey(await loadSigningKey(config.session.signingKeyFile)),
    lifetimeSeconds: config.session.tokenLifetimeSeconds,
    now,
  });
  const code2session = createCode2Session({
    baseUrl: new URL(config.wechat.baseUrl),
    apps: config.wechat.apps,
    timeoutMs: config.wechat.timeoutMs,
    onRefusal: (refusal) => log.warn(refusal, 'WeChat refused a login'),
  });

  const app = createHttpServer({ maxBodyBytes: config.limits.maxBodyBytes, log });
  const graphqlRoute = registerGraphqlRoute(app, {
    path: graphqlPath,
    gate: {
      safelist: await loadSafelist(config.manifests),
      adHoc: config.dev,
      authenticate: createAuthenticate(tokens, sessions, policy?.roles ?? defaultRoles),
      generation: () => generation,
    },
    requestTimeoutMs: config.limits.requestTimeoutMs,
    log,
    metrics,
  });
  const login = createLogin({
    code2session,
    sessions,
    tokens,
    tokenLifetimeSeconds: config.session.tokenLifetimeSeconds,
    register: (identity, requestId) =>
      registerIdentity(
        subgraphs,
        generation.subgraphs.get(config.wechat.userSubgraph),
        identity,
        requestId,
        performance.now() + config.limits.requestTimeoutMs,
      ),
  });
  registerAuthRoutes(app, login, metrics);
  if (config.dev) {
    // Its bundler is a development dependency, which production images leave out.
    const { registerSandbox } = await import('./sandbox/register-sandbox.ts');
    await registerSandbox(app, { graphqlPath, loginPath: wechatLoginPath, logins: config.sandbox.logins });
  }
  return listen(app, config, metrics, async () => {
    await closeListener(app, config.limits.shutdownGraceMs, graphqlRoute);
    await Promise.all([generation.close(), code2session.close()]);
    await subgraphs.close();
  });
}

/** Takes no new requests and lets those in flight end; those that do not are refused, and the last sockets cut. */
async function closeListener(
  app: FastifyInstance,
  graceMs: number,
  graphqlRoute: GraphqlRoute,
): Promise<void> {
  const timers = [
    setTimeout(() => graphqlRoute.cutOff(), graceMs),
    setTimeout(() => app.server.closeAllConnections(), graceMs + timeToAnswerMs),
  ];
  await app.close();
  for (const timer of timers) clearTimeout(timer);
}

async function startGeneration(
  config: Config,
  policy: Parameters<typeof createGeneration>[0]['policy'],
  subgraphs: SubgraphClient,
  log: Logger,
): Promise<Generation> {
  const supergraphSdl = await loadSupergraph(config.supergraph);
  try {
    return await createGeneration({
      supergraphSdl,
      policy,
      createEngine: (supergraph) => createApolloEngine({ supergraph, subgraphs, log }),
      runOperation: createRunOperation(config.limits.maxCost),
      introspection: config.dev,
      limits: config.limits,
      defaultListSize: config.limits.defaultListSize,
      plugins: [observeOperation],
    });
  } catch (cause) {
    if (cause instanceof StartupError) throw cause;
    throw new StartupError(
      `${config.supergraph} is not a supergraph that can be served: ${(cause as Error).message}\n` +
        'Compose it by `npx minigate supergraph compose`.',
      { cause },
    );
  }
}

async function loadSigningKey(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new StartupError(`The signing key ${path} cannot be read.`, { cause });
  }
}

async function listen(
  app: FastifyInstance,
  { host, port, admin }: Config,
  metrics: Metrics,
  closeApp: () => Promise<void>,
): Promise<Gateway> {
  let ready = true;
  const adminApp = createAdminServer(metrics, () => ready);
  const close = async (): Promise<void> => {
    ready = false;
    await closeApp();
    await adminApp.close();
  };
  try {
    return {
      url: await listenAt(app, host, port, 'port'),
      adminUrl: await listenAt(adminApp, admin.host, admin.port, 'admin-port'),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function listenAt(app: FastifyInstance, host: string, port: number, flag: string): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be opened (${message})`;
    throw new StartupError(`Port ${port} on ${host} ${reason}. Choose another by --${flag}.`, { cause });
  }
}
