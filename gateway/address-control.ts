/** Puts together what is decided by network addresses: whose they are, and which get no answer. */
import type { Logger } from 'pino';
import { type AddressRange, parseRange } from './address.ts';
import { type CheckAddress, createCheckAddress } from './admission/address-guard.ts';
import { createToClientAddress, type ToClientAddress } from './admission/client-address.ts';
import { createDenylist, type Denylist, parseDeniedRange } from './admission/denylist.ts';
import type { Config } from './config.ts';
import { createMemoryBudget } from './demand/memory-budget.ts';
import { toLimit } from './demand/rate-limit.ts';
import { createBans } from './identity/bans.ts';
import { createMemoryBans } from './identity/memory-bans.ts';
import { createRedisBans } from './identity/redis-bans.ts';
import { keepInSync } from './keep-in-sync.ts';
import type { RedisConnection } from './store/redis.ts';
import type { Metrics } from './telemetry/metrics.ts';

export interface AddressControl {
  readonly toClientAddress: ToClientAddress;
  readonly checkAddress: CheckAddress;
  readonly denylist: Denylist;
  close(): void;
}

/** Addresses whose requests are counted, before full ones make room. */
const maxFloodBuckets = 50_000;

export async function createAddressControl(
  { trustedProxies, denylist: denied, rates }: Config,
  redis: RedisConnection | undefined,
  log: Logger,
  metrics: Metrics,
): Promise<AddressControl> {
  const now = (): number => performance.now();
  const bans = createBans(redis ? createRedisBans(redis, 'addresses') : createMemoryBans(now), now);
  const denylist = createDenylist(bans, toRanges(denied, parseDeniedRange));
  const syncing = await keepInSync('the denylist', denylist.sync, log);
  return {
    toClientAddress: createToClientAddress(toRanges(trustedProxies, parseRange), createWarning(log)),
    checkAddress: createCheckAddress({
      isDenied: denylist.has,
      flood: createMemoryBudget({ nodes: 1, maxBuckets: maxFloodBuckets, now }),
      floodLimit: toLimit(rates.flood),
      onRefuse: metrics.countAdmissionRefusal,
    }),
    denylist,
    close: syncing.stop,
  };
}

/** What the settings' schema has let through. */
function toRanges(
  texts: readonly string[],
  parse: (text: string) => AddressRange | undefined,
): AddressRange[] {
  return texts.flatMap((text) => parse(text) ?? []);
}

/** Once: without its proxy among the trusted, a deployment has all of its guests at one address. */
function createWarning(log: Logger): () => void {
  let isTold = false;
  return () => {
    if (isTold) return;
    isTold = true;
    log.warn('requests come by a proxy that is not among trustedProxies: its address counts as that of all');
  };
}
