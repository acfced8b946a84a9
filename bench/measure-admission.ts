/** Times all that is asked of a warm, signed request by a user before it may run: address, signature, session, rates, cost. */
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { createAddressControl } from '../gateway/address-control.ts';
import { createCheckSignature, signatureHeader } from '../gateway/admission/signature.ts';
import { toSignatureBase } from '../gateway/admission/signature-base.ts';
import { createSignatureKeys } from '../gateway/admission/signature-keys.ts';
import { createMemoryNonces } from '../gateway/admission/signature-nonces.ts';
import { createRedisNonces } from '../gateway/admission/signature-redis-nonces.ts';
import { nonceKeptMs, signatureWindowMs } from '../gateway/admission/verify-signature.ts';
import { admit } from '../gateway/admit.ts';
import { createBudgetStore } from '../gateway/budget-store.ts';
import { parseConfig } from '../gateway/config.ts';
import { createDemandControl } from '../gateway/demand-control.ts';
import { createIdentity } from '../gateway/identity.ts';
import { createRateControl } from '../gateway/rate-control.ts';
import { connectRedis, type RedisConnection } from '../gateway/store/redis.ts';
import { createLog } from '../gateway/telemetry/log.ts';
import { createMetrics } from '../gateway/telemetry/metrics.ts';
import { startDistantRedis } from './distant-redis.ts';
import { rounds, timeOf } from './measure-stages.ts';
import { supergraphFile } from './workload.ts';

export interface AdmissionCost {
  /** Processor time for one request, everything in memory. */
  readonly microseconds: number;
  /** Beside the gateway, and so far away that waiting for it twice would show; `undefined` without a Redis. */
  readonly redis: { readonly near: RedisTimes; readonly distant: RedisTimes } | undefined;
}

/** Medians. */
export interface RedisTimes {
  readonly requestMs: number;
  readonly roundTripMs: number;
}

/** Of the distant Redis: its answers are later by so much. */
export const distanceMs = 5;

/** The most that a request may take of a processor. */
export const admissionGoalMicroseconds = 150;

export async function measureAdmission(
  redisUrl: string | undefined,
  repeats = 5_000,
): Promise<AdmissionCost> {
  const inMemory = await createPath(undefined, repeats * (rounds + 1));
  const microseconds = await timeOf(inMemory.run, repeats);
  inMemory.close();
  if (redisUrl === undefined) return { microseconds, redis: undefined };
  const away = await startDistantRedis(redisUrl, distanceMs);
  const near = await timesOf(redisUrl, repeats);
  const distant = await timesOf(away.url, Math.ceil(repeats / 10));
  away.close();
  return { microseconds, redis: { near, distant } };
}

async function timesOf(url: string, repeats: number): Promise<RedisTimes> {
  const redis = await connectRedis({
    ...{ url, isCluster: false, keyPrefix: `bench:${randomUUID()}:`, commandTimeoutMs: 1_000 },
    onLost: () => {},
  });
  const path = await createPath(redis, repeats);
  const ping = redis.defineScript('minigateBenchPing', 'return 1');
  const requestMs = await medianMs(path.run, repeats);
  const roundTripMs = await medianMs(() => ping(redis.toKey('ping', ''), []), repeats);
  path.close();
  await redis.close();
  return { requestMs, roundTripMs };
}

async function medianMs(run: () => Promise<unknown>, repeats: number): Promise<number> {
  const times: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const startedAt = performance.now();
    await run();
    times.push(performance.now() - startedAt);
  }
  return times.sort((a, b) => a - b)[Math.floor(repeats / 2)] ?? Number.NaN;
}

const [audience, url, client] = ['bench', '/graphql', { name: 'bench', version: '1' }];
const address = '203.0.113.1';
const body = Buffer.from('{"documentId":"sha256:0"}');

/** @param requests that are signed ahead */
async function createPath(redis: RedisConnection | undefined, requests: number) {
  // Everything is kept, and nothing ever spent; each request has its session asked for.
  const [ample, often] = [{ capacity: 1e15 }, { requests: 1e15 }];
  const config = parseConfig({
    ...{
      supergraph: supergraphFile,
      dev: true,
      trustedProxies: ['10.0.0.0/8'],
      denylist: ['198.51.100.0/24'],
    },
    budgets: { principal: ample, app: ample, address: ample },
    rates: { flood: often, principal: often, newcomer: often, newcomersOfAddress: often, app: often },
    session: { recheckMs: 0 },
  });
  const [log, metrics, now] = [createLog('silent'), createMetrics(), Date.now];
  const addresses = await createAddressControl(config, redis, log, metrics);
  const identity = await createIdentity(config, {
    ...{ redis, log, metrics, now, giveUpSessionKey: () => {}, giveSigningKey: undefined },
    code2session: { exchange: async () => ({ openid: 'o-bench', sessionKey: 'key', unionid: undefined }) },
    ...{ readTrustedIdentity: () => undefined, findPublishedBan: () => undefined, report: () => {} },
    register: async () => ({ userId: 'u-bench', roles: [] }),
  });
  const inForce = { roles: {}, scope: undefined, rateBuckets: undefined };
  const login = {
    id: 'bench',
    headers: {},
    scope: undefined,
    address,
    body: { appId: 'wx-bench', code: randomUUID() },
  };
  const authorization = `Bearer ${(await identity.logins.login(login)).accessToken}`;
  const principal = await identity.authenticate(authorization, inForce);
  if (principal.kind !== 'user') throw new Error('Nobody is logged in.');
  const budget = createBudgetStore(1, { redis, log, metrics });
  const demand = createDemandControl(config, { roles: {}, budget, report: () => {} });
  const chargeCost = demand.chargeUnder(undefined, {});
  const rates = createRateControl(config, budget, metrics, now);
  const keys = createSignatureKeys([
    { id: 'k', secret: 'a key that only the benchmark uses, 32 characters' },
  ]);
  const checkSignature = createCheckSignature({
    ...{ keys, audience, now, monotonicNow: () => performance.now(), isRequired: () => true },
    nonces: redis
      ? createRedisNonces(redis, nonceKeptMs, now)
      : createMemoryNonces({ windowMs: signatureWindowMs, maxNonces: requests, now }),
    ...{ onClockStep: () => {}, onNoncesLost: () => {} },
  });
  const { keyId, key } = keys.issue(principal.sessionId, principal.appId);
  const timestamp = Math.floor(now() / 1000) + 60;
  const signatures = Array.from({ length: requests }, () => {
    const parts = { timestamp, nonce: randomBytes(12).toString('hex'), keyId };
    const request = { method: 'POST', url, headers: { authorization }, body };
    const mac = createHmac('sha256', key).update(toSignatureBase(request, parts, audience) ?? '');
    return `v1;t=${timestamp};n=${parts.nonce};k=${keyId};s=${mac.digest('hex')}`;
  });
  const document = { body: '', operationName: undefined };
  return {
    async run(): Promise<void> {
      const from = addresses.toClientAddress('10.0.0.1', address);
      addresses.checkAddress(from, false);
      const headers = { authorization, [signatureHeader]: signatures.pop() };
      const signature = checkSignature({ method: 'POST', url, headers, body, route: url });
      const { principal: asker, confirmed } = await identity.recognise(authorization, headers, inForce);
      const paid = rates.charge({ principal: asker, client, address: from });
      const admission = admit(signature, confirmed, paid, document);
      const outcome = { client, registered: true, codes: [], faults: [] };
      const charging = chargeCost(10, { principal: asker, client, address: from, showsCost: false, outcome });
      await Promise.all([admission, charging]);
    },
    close() {
      addresses.close();
      void identity.close();
    },
  };
}
