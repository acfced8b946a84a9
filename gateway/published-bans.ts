/** The bans that a bundle carries: they hold beside the gateway's own for as long as it is in force. */
import type { PublishedBan } from '../registry/bundle/limits-and-bans.ts';
import { type AddressRange, createRangeMap, parseAddress } from './address.ts';
import { parseDeniedRange } from './admission/denylist.ts';
import type { FoundBan } from './identity/bans.ts';

export interface PublishedBans {
  /** Those that have not ended. */
  list(): readonly PublishedBan[];
  /** Of a user or of the mini-program that the user logged in with; of both the one that lasts longer. */
  find(userId: string, appId?: string): FoundBan | undefined;
  hasAddress(address: string): boolean;
}

const never = Number.POSITIVE_INFINITY;

/** @param now milliseconds since 1970 */
export function createPublishedBans(bans: readonly PublishedBan[], now: () => number): PublishedBans {
  const users = new Map<string, number>();
  const apps = new Map<string, number>();
  const ranges: { readonly range: AddressRange; readonly endsAtMs: number }[] = [];
  for (const ban of bans) {
    const endsAtMs = toEndsAtMs(ban);
    if ('userId' in ban) users.set(ban.userId, Math.max(endsAtMs, users.get(ban.userId) ?? 0));
    else if ('appId' in ban) apps.set(ban.appId, Math.max(endsAtMs, apps.get(ban.appId) ?? 0));
    else {
      const range = parseDeniedRange(ban.address);
      if (range) ranges.push({ range, endsAtMs });
    }
  }

  let isDenied: (bits: bigint) => true | undefined = () => undefined;
  /** When the next of the ranges ends, and the others have to be put together anew. */
  let untilMs = 0;
  const refresh = (nowMs: number): void => {
    const inForce = ranges.filter(({ endsAtMs }) => endsAtMs > nowMs);
    isDenied = createRangeMap(inForce.map(({ range }) => [range, true as const]));
    untilMs = Math.min(never, ...inForce.map(({ endsAtMs }) => endsAtMs));
  };

  return {
    list: () => bans.filter((ban) => toEndsAtMs(ban) > now()),
    find(userId, appId = '') {
      if (users.size === 0 && apps.size === 0) return undefined;
      const leftMs = Math.max(users.get(userId) ?? 0, apps.get(appId) ?? 0) - now();
      if (leftMs <= 0) return undefined;
      return { endsInSeconds: leftMs === never ? undefined : Math.ceil(leftMs / 1000) };
    },
    hasAddress(address) {
      if (ranges.length === 0) return false;
      const nowMs = now();
      if (nowMs >= untilMs) refresh(nowMs);
      const bits = parseAddress(address);
      return bits !== undefined && isDenied(bits) === true;
    },
  };
}

function toEndsAtMs({ endsAt }: PublishedBan): number {
  return endsAt === undefined ? never : Date.parse(endsAt);
}
