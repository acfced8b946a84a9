/** Finds waves of bans in what gateways tell: many within minutes, told of once. */

/** Of one gateway, since it told last. */
export interface BanCount {
  readonly subject: 'user' | 'address';
  /** The rule that had added most. */
  readonly rule: string;
  readonly count: number;
}

export interface BanWave {
  readonly bans: number;
  readonly minutes: number;
  /** The most first. */
  readonly counts: readonly BanCount[];
}

export interface BanWaves {
  /** @returns the wave that begins by these; while it lasts there is no other */
  note(environment: string, counts: readonly BanCount[]): BanWave | undefined;
  /** Nobody could be told: the wave begins anew by the bans to come. */
  forget(environment: string): void;
}

export interface BanWaveLimits {
  /** So many, by all gateways of an environment, are a wave. */
  readonly bans: number;
  /** Within so many minutes; it is over when fewer came within them. */
  readonly minutes: number;
}

interface Watched {
  readonly seen: readonly (BanCount & { readonly atMs: number })[];
  readonly isWave: boolean;
}

/** @param now milliseconds since 1970 */
export function createBanWaves({ bans, minutes }: BanWaveLimits, now: () => number): BanWaves {
  const byEnvironment = new Map<string, Watched>();
  return {
    note(environment, counts) {
      const atMs = now();
      const known = byEnvironment.get(environment);
      const recent = known?.seen.filter((one) => atMs - one.atMs < minutes * 60_000) ?? [];
      const lasts = known?.isWave === true && sumOf(recent) >= bans;
      const seen = [...recent, ...counts.map((one) => ({ ...one, atMs }))];
      const isWave = sumOf(seen) >= bans;
      byEnvironment.set(environment, { seen, isWave });
      return isWave && !lasts ? { bans: sumOf(seen), minutes, counts: addUp(seen) } : undefined;
    },
    forget: (environment) => {
      byEnvironment.delete(environment);
    },
  };
}

function sumOf(counts: readonly BanCount[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0);
}

function addUp(counts: readonly BanCount[]): BanCount[] {
  return [...Map.groupBy(counts, ({ subject, rule }) => `${subject} ${rule}`).values()]
    .flatMap((group) =>
      group[0] ? [{ subject: group[0].subject, rule: group[0].rule, count: sumOf(group) }] : [],
    )
    .sort((a, b) => b.count - a.count);
}
