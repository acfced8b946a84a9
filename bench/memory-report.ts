/** Writes what candidates did with memory as tables. */
import type { Growth } from './measure-growth.ts';
import type { HostileOutcome } from './measure-hostile.ts';
import { toTable } from './table.ts';

export interface MemoryRow {
  readonly candidate: string;
  readonly growth: Growth;
  readonly hostile: readonly HostileOutcome[];
}

/** The most that Minigate may add. */
export const memoryGoals = { mbPer100000: 1, hostileMb: 30 } as const;

export function toMemoryTables(rows: readonly MemoryRow[]): string {
  return rows
    .map(({ candidate, growth, hostile }) =>
      [
        toTable([
          [candidate, 'settled MB'],
          ...growth.samples.map(({ requests, settledMb }) => [
            `after ${requests} requests`,
            settledMb.toFixed(1),
          ]),
          ['per 100,000 requests', signed(growth.mbPer100000)],
          ['goal of minigate, at most', signed(memoryGoals.mbPer100000)],
        ]),
        `Statuses: ${Object.entries(growth.statuses)
          .map(([status, count]) => `${status} × ${count}`)
          .join(', ')}`,
        toTable([
          [candidate, 'peak added MB', 'kept MB'],
          ...hostile.map((outcome) => [outcome.title, signed(outcome.peakAddedMb), signed(outcome.keptMb)]),
          ['goal of minigate, at most', signed(memoryGoals.hostileMb), '···'],
        ]),
        ...hostile.map(({ title, told }) => `${title}: the client was told ${told}`),
      ].join('\n\n'),
    )
    .join('\n\n');
}

function signed(megabytes: number): string {
  return `${megabytes < 0 ? '−' : '+'}${Math.abs(megabytes).toFixed(2)}`;
}
