/** Counts what each team asks in a minute, in this process. */

export interface RateLimit {
  /** @returns 0 when it may go on, else the seconds to wait */
  take(key: string): number;
}

const windowMs = 60_000;
const maxKeys = 10_000;

export function createRateLimit(perMinute: number, now: () => number): RateLimit {
  /** What is left, and when it was counted. */
  const buckets = new Map<string, { left: number; at: number }>();
  return {
    take(key) {
      const at = now();
      const known = buckets.get(key);
      const refilled = known ? known.left + ((at - known.at) / windowMs) * perMinute : perMinute;
      const left = Math.min(perMinute, refilled);
      if (!known && buckets.size >= maxKeys) {
        const [oldest] = buckets.keys();
        if (oldest !== undefined) buckets.delete(oldest);
      }
      buckets.delete(key);
      buckets.set(key, { left: left >= 1 ? left - 1 : left, at });
      return left >= 1 ? 0 : Math.ceil(((1 - left) * windowMs) / perMinute / 1_000);
    },
  };
}
