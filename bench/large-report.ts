/** Writes what checks of a large graph took as a table. */
import type { LargeCheck } from './measure-large-checks.ts';
import { toTable } from './table.ts';

export const largeGoals = { seconds: 30, peakMb: 1_024 } as const;

export function toLargeTables(checks: readonly LargeCheck[]): string {
  return toTable([
    ['large graph', 'operations', 'seconds', 'peak MB', 'longest without a word, s', 'bundle MB'],
    ...checks.map(({ what, passed, operations, tookMs, peakMb, silentMs, bundleMb }) => [
      ...[
        passed ? what : `${what}: refused`,
        `${operations}`,
        (tookMs / 1_000).toFixed(1),
        peakMb.toFixed(0),
      ],
      ...[(silentMs / 1_000).toFixed(1), bundleMb === 0 ? '···' : bundleMb.toFixed(1)],
    ]),
    ['goal, at most', '···', largeGoals.seconds.toFixed(1), `${largeGoals.peakMb}`, '···', '···'],
  ]);
}
