/** Who may not use the gateway: kept in a store that all replicas share, known to each in its memory. */
import { z } from 'zod';

const banSchema = z.object({
  userId: z.string(),
  /** For operators; the user does not learn it. */
  reason: z.string(),
  /** On the store's clock, in milliseconds since 1970. */
  bannedAt: z.number(),
  endsAt: z.number().optional(),
  /** Of a ban that rules have set: the points that each had added, and how many bans there were before. */
  rules: z.array(z.object({ rule: z.string(), points: z.number() })).optional(),
  earlierBans: z.number().optional(),
});

export type Ban = Readonly<z.output<typeof banSchema>>;

/** Why somebody is banned who was banned by rules. */
export type BanDetails = Pick<Ban, 'rules' | 'earlierBans'>;

/** The list at one moment. */
export interface BanList {
  /** Higher after each change; 0 when there never was one, or the store has lost it. */
  readonly version: number;
  /** JSON, one text for each ban; `undefined` when the version is the one that is known already. */
  readonly bans: readonly string[] | undefined;
  /** The store's clock, in milliseconds since 1970. */
  readonly nowMs: number;
}

/** All reject when the store is away. */
export interface BanStore {
  list(knownVersion: number): Promise<BanList>;
  /** Ends after `durationMs`, or never. */
  put(ban: Omit<Ban, 'bannedAt' | 'endsAt'>, durationMs: number | undefined): Promise<void>;
  /** Whether there was one. */
  remove(userId: string): Promise<boolean>;
  /** Adds what is missing from the list, and makes its version higher than this one. */
  restore(version: number, bans: Readonly<Record<string, string>>): Promise<void>;
}

/** When a ban ends; `undefined` when it does not. */
export interface FoundBan {
  readonly endsInSeconds: number | undefined;
}

/** @param appId what the user logged in with, where it is known */
export type FindBan = (userId: string, appId?: string) => FoundBan | undefined;

export interface Bans {
  /** From memory: what was changed elsewhere is known after `sync`. */
  find(userId: string): FoundBan | undefined;
  list(): readonly Ban[];
  /** In force here at once, on other replicas when they sync. Rejects when the store is away. */
  ban(
    userId: string,
    reason: string,
    durationSeconds: number | undefined,
    details?: BanDetails,
  ): Promise<void>;
  /** @returns whether there was one */
  lift(userId: string): Promise<boolean>;
  /** Takes over what has changed, and gives it back to a store that has lost it. Rejects when the store is away. */
  sync(): Promise<void>;
  /** Whether the store has been asked with success. */
  isReady(): boolean;
}

/** @param elapsed milliseconds, on a clock that never goes back */
export function createBans(store: BanStore, elapsed: () => number): Bans {
  let known = new Map<string, Ban>();
  let version = 0;
  let storeAheadMs: number | undefined;

  const inForce = (ban: Ban | undefined): ban is Ban =>
    ban !== undefined && (ban.endsAt === undefined || ban.endsAt > elapsed() + (storeAheadMs ?? 0));

  async function sync(): Promise<void> {
    let list = await store.list(version);
    if (list.version < version) {
      const lost = [...known.values()].filter(inForce);
      await store.restore(version, Object.fromEntries(lost.map((ban) => [ban.userId, JSON.stringify(ban)])));
      list = await store.list(version);
    }
    storeAheadMs = list.nowMs - elapsed();
    if (!list.bans) return;
    known = new Map(list.bans.flatMap(parseBan).map((ban) => [ban.userId, ban]));
    version = list.version;
  }

  return {
    find(userId) {
      const ban = known.get(userId);
      if (!inForce(ban)) return undefined;
      const leftMs = ban.endsAt === undefined ? undefined : ban.endsAt - elapsed() - (storeAheadMs ?? 0);
      return { endsInSeconds: leftMs === undefined ? undefined : Math.ceil(leftMs / 1000) };
    },
    list: () => [...known.values()].filter(inForce),
    async ban(userId, reason, durationSeconds, details) {
      const durationMs = durationSeconds === undefined ? undefined : durationSeconds * 1000;
      await store.put({ userId, reason, ...details }, durationMs);
      await sync();
    },
    async lift(userId) {
      const wasThere = await store.remove(userId);
      await sync();
      return wasThere;
    },
    sync,
    isReady: () => storeAheadMs !== undefined,
  };
}

function parseBan(text: string): Ban[] {
  try {
    return [banSchema.parse(JSON.parse(text))];
  } catch {
    return [];
  }
}
