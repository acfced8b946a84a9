/** Keeps bans in the memory of this process. */
import type { Ban, BanStore } from './bans.ts';

/** @param now milliseconds, on a clock that never goes back */
export function createMemoryBans(now: () => number): BanStore {
  const bans = new Map<string, Ban>();
  let version = 0;
  return {
    async list(knownVersion) {
      const texts =
        version === knownVersion ? undefined : [...bans.values()].map((ban) => JSON.stringify(ban));
      return { version, bans: texts, nowMs: now() };
    },
    async put(ban, durationMs) {
      const ends = durationMs === undefined ? {} : { endsAt: now() + durationMs };
      for (const [id, { endsAt }] of bans) if (endsAt !== undefined && endsAt <= now()) bans.delete(id);
      bans.set(ban.userId, { ...ban, bannedAt: now(), ...ends });
      version += 1;
    },
    async remove(userId) {
      version += 1;
      return bans.delete(userId);
    },
    // What is in this memory is not lost while its reader lives.
    restore: async () => {},
  };
}
