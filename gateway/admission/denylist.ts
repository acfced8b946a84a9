/** Addresses that get no answer: ranges from the settings, and those that operators add, which all replicas share. */
import { type AddressRange, createRangeMap, parseAddress, parseRange, toRangeText } from '../address.ts';
import type { Ban, Bans } from '../identity/bans.ts';

export interface DeniedRange {
  readonly range: string;
  readonly reason: string;
  /** Not there when it does not end. */
  readonly endsInSeconds?: number | undefined;
}

export interface Denylist {
  /** From memory: what was changed elsewhere is known after `sync`. */
  has(address: string): boolean;
  list(): readonly DeniedRange[];
  /** In force here at once, on other replicas when they sync. Rejects when the store is away. */
  add(range: AddressRange, reason: string, durationSeconds: number | undefined): Promise<DeniedRange>;
  /** @returns whether it was there; those of the settings are not */
  remove(range: AddressRange): Promise<boolean>;
  /** Rejects when the store is away; what was known stays in force. */
  sync(): Promise<void>;
}

/** Bits of an IPv6 address alone: whoever has one has all of them. */
const subscriberLength = 64;

/** `undefined` for text that is neither an address nor a range. */
export function parseDeniedRange(text: string): AddressRange | undefined {
  return parseRange(text, subscriberLength);
}

/**
 * @param bans a list of their own, with ranges in the place of users
 * @param fixed ranges that are always denied
 */
export function createDenylist(bans: Bans, fixed: readonly AddressRange[]): Denylist {
  let known: readonly Ban[] = [];
  let find = createRangeMap(fixed.map((range) => [range, true]));

  /** The map is made anew only when the list is another. */
  const refresh = (): void => {
    const now = bans.list();
    if (now.length === known.length && now.every((ban, index) => ban === known[index])) return;
    known = now;
    const added = now.flatMap(({ userId }) => parseRange(userId) ?? []);
    find = createRangeMap([...fixed, ...added].map((range) => [range, true]));
  };
  const toDenied = ({ userId, reason }: Pick<Ban, 'userId' | 'reason'>): DeniedRange => ({
    range: userId,
    reason,
    ...bans.find(userId),
  });

  return {
    has(address) {
      if (fixed.length === 0 && known.length === 0) return false;
      const bits = parseAddress(address);
      return bits !== undefined && find(bits) === true;
    },
    list: () => [
      ...fixed.map((range) => ({ range: toRangeText(range), reason: 'settings' })),
      ...bans.list().map(toDenied),
    ],
    async add(range, reason, durationSeconds) {
      const userId = toRangeText(range);
      await bans.ban(userId, reason, durationSeconds);
      refresh();
      return toDenied({ userId, reason });
    },
    async remove(range) {
      const wasThere = await bans.lift(toRangeText(range));
      refresh();
      return wasThere;
    },
    async sync() {
      try {
        await bans.sync();
      } finally {
        refresh();
      }
    },
  };
}
