/** Puts the gateway together: one schema generation, the ways in, and an orderly end. */
import type { Logger } from 'pino';
import { refuseUnknownCoordinates } from './access/create-access.ts';
import { loadPolicy } from './access/load-policy.ts';
import { createShed } from './admission/shed.ts';
import { watchEventLoop } from './admission/watch-event-loop.ts';
import { buildGeneration } from './build-generation.ts';
import type { Config } from './config.ts';
import { createDemandControl } from './demand-control.ts';
import type { Generation } from './generation.ts';
import { createGenerations } from './generations.ts';
import { createAdminServer } from './http/admin.ts';
import { registerAuthRoutes, wechatLoginPath } from './http/auth-routes.ts';
import { registerBanRoutes } from './http/ban-routes.ts';
import { registerGraphqlRoute } from './http/graphql-route.ts';
import { closeListener, listen } from './http/listen.ts';
import { createHttpServer } from './http/server.ts';
import { registerStaffRoutes } from './http/staff-routes.ts';
import {
  type Certificate,
  type CertificateFiles,
  loadCertificate,
  registerHsts,
  watchCertificate,
} from './http/tls.ts';
import { createFindWechatSession } from './identity/find-wechat-session.ts';
import { registerIdentity } from './identity/register-identity.ts';
import { readTrustedIdentity } from './identity/wechat/trusted-headers.ts';
import type { UserEventEffects } from './identity/wechat/user-event.ts';
import { createWechatServices } from './identity/wechat/wechat-services.ts';
import { createIdentity } from './identity.ts';
import { createAutomaticDocuments } from './persisted/automatic-documents.ts';
import { loadManifests } from './persisted/manifest.ts';
import { createReportUnregistered } from './persisted/report-unregistered.ts';
import { createResolveDocument, type DocumentPolicy } from './persisted/resolve-document.ts';
import { createSafelist, type Safelist } from './persisted/safelist.ts';
import type { Client } from './request-context.ts';
import { createRequestSigning } from './request-signing.ts';
import { createLoggingUserEvents, createWechatPersonData, serveWechatPush } from './serve-wechat.ts';
import { connectRedis, type RedisConnection } from './store/redis.ts';
import { loadSupergraph } from './supergraph/load-supergraph.ts';
import { createLog } from './telemetry/log.ts';
import { createMetrics } from './telemetry/metrics.ts';
import { createSubgraphClient } from './upstream/subgraph-client.ts';

export interface Gateway {
  /** Where clients reach it, such as `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly adminUrl: string;
  /**
   * Serves another supergraph from now on; requests under way end with the one they began with.
   *
   * @returns the version then in force @throws StartupError when it cannot be served; nothing has changed then
   */
  replaceSupergraph(supergraphSdl: string): Promise<string>;
  /** Holds requests to another safelist from now on; then gets ready what is new in it. How many operations are ready. */
  replaceSafelist(safelist: Safelist): Promise<number>;
  /** Takes no new requests, finishes those in flight, then ends. */
  close(): Promise<void>;
}

export interface GatewayParts {
  readonly log?: Logger;
  /** Milliseconds since 1970; for sessions, tokens and signed requests. */
  readonly now?: () => number;
  /** What becomes of people whom WeChat reports. Default: their sessions end, and the log says what to delete. */
  readonly userEvents?: UserEventEffects;
}

const graphqlPath = '/graphql';

/** @throws StartupError naming what is wrong and the remedy */
export async function createGateway(config: Config, parts: GatewayParts = {}): Promise<Gateway> {
  const log = parts.log ?? createLog(config.log.level);
  const redis = await connectTo(config.redis, log);
  try {
    return await startGateway(config, { ...parts, log }, redis);
  } catch (error) {
    await redis?.close();
    throw error;
  }
}

async function startGateway(
  config: Config,
  parts: GatewayParts & { readonly log: Logger },
  redis: RedisConnection | undefined,
): Promise<Gateway> {
  const { log } = parts;
  const now = parts.now ?? Date.now;
  const metrics = createMetrics();
  const subgraphs = createSubgraphClient({
    internalKey: config.internalKey,
    ...config.subgraphs,
    onFetch: ({ subgraph, requestId, outcome, hidden }) => {
      metrics.countFetch(subgraph, outcome);
      if ((outcome !== 'OK' && outcome !== 'CANCELLED') || hidden)
        log.warn({ requestId, subgraph, outcome, hidden }, 'a subgraph failed');
    },
  });
  const wechat = await createWechatServices(config.wechat, {
    now,
    onTrouble: (trouble) => log.warn(trouble, 'WeChat refused a call, or did not answer'),
  });
  const policy = await loadPolicy({ policy: config.policy, file: config.access.file });
  let safelist = createSafelist(await loadManifests(config.manifests), config.persisted.retired);
  const shed = createShed({
    ...config.overload,
    now: () => performance.now(),
    onRefuse: metrics.countShed,
  });
  const chargeCost = createDemandControl(config, { roles: policy.roles, redis, log, metrics });
  const material = { config, policy, safelist: () => safelist, shed, chargeCost, subgraphs, log };
  const first = await buildGeneration(
    material,
    await loadSupergraph(config.supergraph),
    refuseUnknownCoordinates,
  );
  // Later a supergraph that lacks what the policy names is served all the same: what is not there needs no guard.
  const build = (supergraphSdl: string): Promise<Generation> =>
    buildGeneration(material, supergraphSdl, (coordinates) => {
      metrics.setUnknownCoordinates(coordinates.length);
      if (coordinates.length > 0)
        log.warn({ coordinates }, 'the policy names what the supergraph does not have');
    });
  const generations = createGenerations(first, build, {
    onSwap(version) {
      metrics.setGeneration(version);
      log.info({ version }, 'a new supergraph is in force');
    },
    onEndFailed: (error) => log.error({ error }, 'an old supergraph did not end cleanly'),
  });
  metrics.setGeneration(generations.current().version);

  const signing = createRequestSigning(config.signing, { graphqlPath, redis, now, log });
  const identity = await createIdentity(config, {
    ...{ code2session: wechat.code2session, roles: policy.roles, redis, log, metrics, now },
    readTrustedIdentity: (headers) =>
      readTrustedIdentity(headers, { trustedHeaders: config.wechat.trustedHeaders, apps: wechat.apps }),
    giveSigningKey: signing?.giveSigningKey,
    register: (wechatIdentity, requestId) =>
      registerIdentity(
        subgraphs,
        generations.current().subgraphs.get(config.wechat.userSubgraph),
        wechatIdentity,
        requestId,
        performance.now() + config.limits.requestTimeoutMs,
      ),
  });

  const https = await loadHttps(config.tls);
  const app = createHttpServer({
    limits: config.limits,
    connections: config.connections,
    corsOrigins: config.cors.origins,
    shed,
    log,
    admitBody: signing?.requests.admitBody,
    tls: https?.certificate,
  });
  signing?.requests.register(app);
  if (https || config.hsts) registerHsts(app);
  const graphqlRoute = registerGraphqlRoute(app, {
    path: graphqlPath,
    gate: {
      isDev: config.dev,
      limits: config.limits,
      resolveDocument: createResolveDocument({
        safelist: () => safelist,
        policyOf: createPolicyOf(config),
        automatic: config.persisted.automatic
          ? createAutomaticDocuments({
              maxDocuments: config.limits.maxDocuments,
              maxBytes: config.persisted.maxAutomaticBytes,
            })
          : undefined,
        onUnregistered: createReportUnregistered({
          isKnown: (name) => safelist.clients.has(name) || Object.hasOwn(config.persisted.clients, name),
          count: metrics.countUnregistered,
          log,
        }),
      }),
      authenticate: identity.authenticate,
      acquire: generations.acquire,
    },
    requestTimeoutMs: config.limits.requestTimeoutMs,
    signerOf: signing?.requests.signerOf,
    log,
    metrics,
  });
  const { authenticate, sessions } = identity;
  const findSession = createFindWechatSession(authenticate, sessions);
  const personData = createWechatPersonData({ wechat, findSession, now, log });
  registerAuthRoutes(app, { ...identity, personData, metrics });
  const userEvents = parts.userEvents ?? createLoggingUserEvents(sessions, log);
  serveWechatPush(app, { wechat, userEvents, redis, now });
  registerStaffRoutes(app, identity.staff);
  if (config.dev) {
    // Its bundler is a development dependency, which production images leave out.
    const { registerSandbox } = await import('./sandbox/register-sandbox.ts');
    await registerSandbox(app, { graphqlPath, loginPath: wechatLoginPath, logins: config.sandbox.logins });
  }
  const stopCertificateWatch = https
    ? watchCertificate(app.server, https.files, https.certificate, {
        intervalMs: config.tls.reloadIntervalMs,
        onReplaced: () => log.info('another certificate is in force'),
        onBroken: (err) => log.error({ err }, 'the new certificate is no good; the old one stays'),
      })
    : () => {};
  const state = { ready: true };
  const adminApp = createAdminServer(metrics, () => state.ready && identity.isReady() && !shed.isLate());
  registerBanRoutes(adminApp, identity.bans, (change) => log.warn(change, 'a ban was changed'));
  const stopWatch = watchEventLoop((lagMs) => {
    shed.observeLag(lagMs);
    metrics.observeLag(lagMs / 1000);
  });
  const close = async (): Promise<void> => {
    state.ready = false;
    stopWatch();
    stopCertificateWatch();
    await closeListener(app, config.limits.shutdownGraceMs, graphqlRoute.cutOff);
    await adminApp.close();
    await identity.close();
    await Promise.all([generations.close(), wechat.close()]);
    await subgraphs.close();
    await redis?.close();
  };
  try {
    return {
      url: await listen(app, config.host, config.port, 'port'),
      adminUrl: await listen(adminApp, config.admin.host, config.admin.port, 'admin-port'),
      replaceSupergraph: generations.replace,
      async replaceSafelist(next) {
        safelist = next;
        const { generation, release } = generations.acquire();
        try {
          return await generation.prepare(next.operations);
        } finally {
          release();
        }
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function createPolicyOf({ dev, persisted }: Config): (client: Client) => DocumentPolicy {
  if (dev) return () => 'open';
  const policies = new Map(Object.entries(persisted.clients));
  return ({ name }) => (name === undefined ? undefined : policies.get(name)) ?? persisted.policy;
}

async function connectTo(
  { url, cluster, keyPrefix, commandTimeoutMs }: Config['redis'],
  log: Logger,
): Promise<RedisConnection | undefined> {
  if (url === undefined) return undefined;
  return connectRedis({
    ...{ url, isCluster: cluster, keyPrefix, commandTimeoutMs },
    onLost: (err) => log.warn({ err }, 'Redis cannot be reached; it is tried again'),
    onEvicting: (policy) =>
      log.error(
        { policy },
        'Redis drops sessions when its memory is full; set its maxmemory-policy to noeviction',
      ),
  });
}

async function loadHttps({
  certFile,
  keyFile,
}: Config['tls']): Promise<{ files: CertificateFiles; certificate: Certificate } | undefined> {
  if (certFile === undefined || keyFile === undefined) return undefined;
  const files = { certFile, keyFile };
  return { files, certificate: await loadCertificate(files) };
}
