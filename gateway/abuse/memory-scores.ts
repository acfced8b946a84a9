/** Keeps scores in the memory of this process, in bounded space. */
import { halfLivesKept, type Points, type Scores, type Subject, toContributions } from './score.ts';

interface Level {
  readonly points: Map<string, Points & { readonly atMs: number }>;
  crossings: number;
  settledAtMs: number;
  endsAtMs: number;
}

export interface MemoryScoreOptions {
  /** Subjects, and things seen of them; beyond it the ones that were touched least recently go. */
  readonly maxEntries: number;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
}

export function createMemoryScores({ maxEntries, now }: MemoryScoreOptions): Scores {
  const levels = new Map<string, Level>();
  const seen = new Map<string, { readonly endsAtMs: number }>();

  /** `undefined` when it is over. */
  const find = <T extends { readonly endsAtMs: number }>(
    entries: Map<string, T>,
    key: string,
  ): T | undefined => {
    const entry = entries.get(key);
    return entry && entry.endsAtMs > now() ? entry : undefined;
  };
  const put = <T>(entries: Map<string, T>, key: string, entry: T): void => {
    entries.delete(key);
    entries.set(key, entry);
    const [oldest] = entries.size > maxEntries ? entries.keys() : [];
    if (oldest !== undefined) entries.delete(oldest);
  };
  const left = ({ points, halfLifeMs, atMs }: Points & { atMs: number }, nowMs: number): number =>
    points * 0.5 ** ((nowMs - atMs) / halfLifeMs);

  return {
    async add(subject, added, { threshold, memoryMs, settleMs }) {
      const nowMs = now();
      const key = toKey(subject);
      const level = find(levels, key) ?? { points: new Map(), crossings: 0, settledAtMs: 0, endsAtMs: 0 };
      if (nowMs < level.settledAtMs) return undefined;
      const known = level.points.get(added.rule);
      const points = added.points + (known ? left(known, nowMs) : 0);
      level.points.set(added.rule, { ...added, points, atMs: nowMs });
      level.endsAtMs = Math.max(level.endsAtMs, nowMs + added.halfLifeMs * halfLivesKept);
      put(levels, key, level);
      const all = [...level.points].map(([rule, each]) => [rule, left(each, nowMs)] as const);
      if (all.reduce((sum, [, each]) => sum + each, 0) < threshold) return undefined;
      const earlier = level.crossings;
      level.crossings += 1;
      level.points.clear();
      level.settledAtMs = nowMs + settleMs;
      level.endsAtMs = Math.max(level.endsAtMs, nowMs + memoryMs);
      return { contributions: toContributions(all), earlier };
    },
    async isNew(subject, rule, what, memoryMs) {
      const key = JSON.stringify([subject.kind, subject.id, rule, what]);
      if (find(seen, key)) return false;
      put(seen, key, { endsAtMs: now() + memoryMs });
      return true;
    },
    async forget(subject) {
      levels.delete(toKey(subject));
    },
  };
}

function toKey({ kind, id }: Subject): string {
  return `${kind} ${id}`;
}
