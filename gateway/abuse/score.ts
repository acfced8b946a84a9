/** What a score is: for each subject the points of each rule, which fade as time passes, and how often they were too many. */
import type { Contribution, SubjectKind } from './security-event.ts';

export interface Subject {
  readonly kind: SubjectKind;
  readonly id: string;
}

export interface Points {
  readonly rule: string;
  readonly points: number;
  /** In which half of them fade. */
  readonly halfLifeMs: number;
}

/** The score reached its threshold, and is 0 again. */
export interface Crossing {
  /** Highest first. */
  readonly contributions: readonly Contribution[];
  /** Crossings before, as far as they are remembered. */
  readonly earlier: number;
}

export interface ScoreLimits {
  readonly threshold: number;
  /** How long a crossing is remembered, after it. */
  readonly memoryMs: number;
  /** How long after a crossing nothing counts: until every gateway knows what follows from it. */
  readonly settleMs: number;
}

/** All reject when the store is away. */
export interface Scores {
  /** Of several who add at once one learns of the crossing. */
  add(subject: Subject, points: Points, limits: ScoreLimits): Promise<Crossing | undefined>;
  /** Whether this is the first time within `memoryMs`. */
  isNew(subject: Subject, rule: string, what: string, memoryMs: number): Promise<boolean>;
  /** As if there had been nothing. */
  forget(subject: Subject): Promise<void>;
}

/** Half-lives after which less than a thousandth is left. */
export const halfLivesKept = 10;

export function toContributions(points: Iterable<readonly [string, number]>): Contribution[] {
  return [...points]
    .map(([rule, each]) => ({ rule, points: Math.round(each * 10) / 10 }))
    .filter((contribution) => contribution.points > 0)
    .sort((one, other) => other.points - one.points);
}
