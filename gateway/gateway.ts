/** Puts the gateway together: one schema generation, the ways in, and an orderly end. */
import type { Logger } from 'pino';
import { loadPolicy } from './access/load-policy.ts';
import { createAddressControl } from './address-control.ts';
import { createShed } from './admission/shed.ts';
import { watchEventLoop } from './admission/watch-event-loop.ts';
import { createBudgetStore } from './budget-store.ts';
import type { Config } from './config.ts';
import { connectStore } from './connect-store.ts';
import { createDemandControl } from './demand-control.ts';
import { createDocumentControl } from './document-control.ts';
import { createEnvironments } from './environments.ts';
import { registerAuthRoutes, wechatLoginPath } from './http/auth-routes.ts';
import { createChargeRefusal } from './http/charge-refusal.ts';
import { registerGraphqlRoute } from './http/graphql-route.ts';
import { closeListener, listen } from './http/listen.ts';
import { createPresentedSession } from './http/presented-session.ts';
import { createReportRefusal } from './http/refusal-events.ts';
import { createHttpServer } from './http/server.ts';
import { registerStaffRoutes } from './http/staff-routes.ts';
import { registerHsts } from './http/tls.ts';
import { resetUserSessionKey } from './identity/wechat/session-key.ts';
import { type ReadTrustedIdentity, readTrustedIdentity } from './identity/wechat/trusted-headers.ts';
import type { UserEventEffects } from './identity/wechat/user-event.ts';
import { createWechatServices } from './identity/wechat/wechat-services.ts';
import { createIdentity } from './identity.ts';
import { loadManifests } from './persisted/manifest.ts';
import { createSafelist, type Safelist } from './persisted/safelist.ts';
import { createRateControl } from './rate-control.ts';
import { createRequestSigning } from './request-signing.ts';
import { createSecurity } from './security.ts';
import { createAdmin } from './serve-admin.ts';
import { loadHttps, watchHttps } from './serve-https.ts';
import {
  createPhoneKeys,
  createUserEvents,
  createWechatPersonData,
  serveWechatPush,
} from './serve-wechat.ts';
import { setTemporaryBan } from './set-temporary-ban.ts';
import type { RedisConnection } from './store/redis.ts';
import { createLog } from './telemetry/log.ts';
import { createMetrics } from './telemetry/metrics.ts';
import { createUserServices } from './user-services.ts';

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
  /** Holds requests to another safelist from now on, beside a bundle's from the next one; then gets ready what is new in it. How many operations are ready. */
  replaceSafelist(safelist: Safelist): Promise<number>;
  /** Takes no new requests, finishes those in flight, then ends. */
  close(): Promise<void>;
}

export interface GatewayParts {
  readonly log?: Logger;
  /** Milliseconds since 1970; for sessions, tokens and signed requests. */
  readonly now?: () => number;
  /** Ends what takes too long after a swap. Default by `setTimeout`; returns what takes it back. */
  readonly schedule?: (run: () => void, ms: number) => () => void;
  /** What becomes of people whom WeChat reports. Default: their sessions end, and the user subgraph deletes. */
  readonly userEvents?: UserEventEffects;
}

const graphqlPath = '/graphql';

/** @throws StartupError naming what is wrong and the remedy */
export async function createGateway(config: Config, parts: GatewayParts = {}): Promise<Gateway> {
  const log = parts.log ?? createLog(config.log.level);
  const redis = await connectStore(config.redis, log);
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
  const security = createSecurity(config, {
    ...{ redis, log, metrics, now },
    setBan: (ban) => setTemporaryBan(ban, identity.bans, addresses.denylist),
    onEvent: (event) => environments.countBan(event),
  });
  const { report } = security;
  const budget = createBudgetStore(config.budgets.nodes, { redis, log, metrics });
  const demand = createDemandControl(config, { roles: policy.roles, budget, report });
  const rates = createRateControl(config, budget, metrics, now);
  const signing = createRequestSigning(config.signing, {
    ...{ graphqlPath, redis, now, log, report },
    ...createPhoneKeys({ wechat, sessions: () => identity.sessions, now }),
  });
  const environments = await createEnvironments({
    ...{ config, policy, safelist: () => safelist, shed, demand, rates, log, redis, metrics, now },
    schedule: parts.schedule,
    checkUserSignature: signing?.checkUserSignature,
    onDenied: () => metrics.countAdmissionRefusal('denylist'),
  });
  const users = createUserServices(config, environments);
  const { trustedHeaders } = config.wechat;
  const readTrusted: ReadTrustedIdentity = (headers) =>
    readTrustedIdentity(headers, { trustedHeaders, apps: wechat.apps });
  const identity = await createIdentity(config, {
    ...{ code2session: wechat.code2session, redis, log, metrics, now, report },
    findPublishedBan: users.findPublishedBan,
    readTrustedIdentity: readTrusted,
    giveSigningKey: signing?.giveSigningKey,
    giveUpSessionKey: (person, sessionKey) =>
      void resetUserSessionKey(wechat.callApi, person, sessionKey).catch(() => {}),
    register: users.register,
  });

  const addresses = await createAddressControl(config, redis, log, metrics);
  const presentedSession = createPresentedSession({
    ...identity,
    unreadBodyOf: signing?.requests.unreadBodyOf,
  });
  const reportRefusal = createReportRefusal(report, presentedSession);
  const chargeRefusal = createChargeRefusal(rates.chargeRefusal);
  const https = await loadHttps(config.tls);
  const app = createHttpServer({
    limits: config.limits,
    connections: config.connections,
    corsOrigins: config.cors.origins,
    toClientAddress: addresses.toClientAddress,
    checkAddress: addresses.checkAddress,
    chooseEnvironment: environments.choose,
    ...{ shed, log },
    admitBody: signing?.requests.admitBody,
    onRefusal: (...refused) => {
      reportRefusal(...refused);
      chargeRefusal(...refused);
    },
    tls: https?.certificate,
  });
  signing?.requests.register(app, presentedSession);
  if (https || config.hsts) registerHsts(app);
  const graphqlRoute = registerGraphqlRoute(app, {
    path: graphqlPath,
    gate: {
      isDev: config.dev,
      limits: config.limits,
      resolveDocument: createDocumentControl(config, {
        ...{ isKnownClient: users.isKnownClient, log, metrics },
      }),
      recognise: identity.recognise,
      chargeRate: rates.charge,
      mustSign: signing?.mustSign,
    },
    requestTimeoutMs: config.limits.requestTimeoutMs,
    signatureOf: signing?.requests.signatureOf,
    sentOf: signing?.requests.sentOf,
    checkGuest: rates.checkGuest,
    log,
    metrics,
  });
  const { sessions } = identity;
  const personData = createWechatPersonData({
    ...{ wechat, identity, now, log },
    chargeUser: (payer, { rateBuckets }) => rates.charge(payer, undefined, rateBuckets),
  });
  registerAuthRoutes(app, { ...identity, personData, metrics, rates, readTrustedIdentity: readTrusted });
  const userEvents =
    parts.userEvents ??
    createUserEvents({
      ...{ sessions, redis, log, metrics, forgetTimeoutMs: config.limits.requestTimeoutMs },
      scopes: environments.scopes,
      forget: users.forget,
    });
  serveWechatPush(app, { wechat, userEvents, redis, now });
  registerStaffRoutes(app, { staff: identity.staff, metrics, rates });
  if (config.dev) {
    // Its bundler is a development dependency, which production images leave out.
    const { registerSandbox } = await import('./sandbox/register-sandbox.ts');
    await registerSandbox(app, { graphqlPath, loginPath: wechatLoginPath, logins: config.sandbox.logins });
  }
  const stopCertificateWatch = watchHttps(app, https, config.tls, log);
  const state = { ready: true };
  const adminApp = createAdmin({
    ...{ metrics, bans: identity.bans, addresses, security, environments, log, now },
    isReady: () => state.ready && identity.isReady() && !shed.isLate(),
  });
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
    userEvents.close?.();
    addresses.close();
    await identity.close();
    await security.close();
    await Promise.all([environments.close(), wechat.close()]);
    await redis?.close();
  };
  try {
    return {
      url: await listen(app, config.host, config.port, 'port'),
      adminUrl: await listen(adminApp, config.admin.host, config.admin.port, 'admin-port'),
      replaceSupergraph: (supergraphSdl) => environments.main().generations.replace({ supergraphSdl }),
      async replaceSafelist(next) {
        safelist = next;
        const { generation, release } = environments.main().generations.acquire();
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
