/** Writes what fragment bombs did to other requests as a table. */
import type { BombOutcome } from './measure-bombs.ts';
import { toTable } from './table.ts';

/** The most that others may notice, as a multiple of their p99 without bombs, and that a bomb may wait for its refusal. */
export const bombGoals = { timesIdle: 2, refusedAfterMs: 1_000 } as const;

const titles = ['p99 ms, idle', 'p99 ms, bombed', '× idle', 'failed', 'slowest refusal ms'];

export function toBombTables(outcomes: readonly BombOutcome[]): string {
  return toTable([
    ['fragment bombs', ...titles],
    ...outcomes.map(({ candidate, idle, bombed, bombs }) => [
      `${candidate}: ${countCodes(bombs.map(({ code }) => code))}`,
      idle.p99Ms.toFixed(1),
      bombed.p99Ms.toFixed(1),
      (bombed.p99Ms / idle.p99Ms).toFixed(2),
      `${idle.failed + bombed.failed}`,
      Math.max(...bombs.map(({ tookMs }) => tookMs)).toFixed(0),
    ]),
    ['goal, at most', '···', '···', bombGoals.timesIdle.toFixed(2), '0', `${bombGoals.refusedAfterMs}`],
  ]);
}

function countCodes(codes: readonly string[]): string {
  return [...new Set(codes)]
    .map((code) => `${code} × ${codes.filter((other) => other === code).length}`)
    .join(', ');
}
