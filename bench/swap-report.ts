/** Writes what swaps did to requests and to the event loop as tables. */
import type { Spread, SwapOutcome } from './measure-swaps.ts';
import { toTable } from './table.ts';

export const swapGoals = { stallMs: 50, failed: 0 } as const;

export function toSwapTables(outcome: SwapOutcome): string {
  const { swaps, swapMs, stallMs, holdMs, heapMb, requests, failed, firstFailure, p50Ms, p99Ms, maxMs } =
    outcome;
  const toRow = (title: string, { median, p95, max }: Spread): string[] => [
    title,
    ...[median, p95, max].map((value) => value.toFixed(1)),
  ];
  return [
    toTable([
      [`${swaps} swaps`, 'median ms', 'p95 ms', 'max ms'],
      toRow('longest stall of the event loop', stallMs),
      toRow('longest hold, in processor time', holdMs),
      toRow('from its beginning to in force', swapMs),
      ['goal of the longest stall, at most', '···', '···', swapGoals.stallMs.toFixed(1)],
    ]),
    toTable([
      ['requests', 'failed', 'p50 ms', 'p99 ms', 'max ms', 'heap before MB', 'heap after MB'],
      [
        `${requests}`,
        `${failed}`,
        ...[p50Ms, p99Ms, maxMs, heapMb.before, heapMb.after].map((value) => value.toFixed(1)),
      ],
    ]),
    ...(firstFailure ? [`The first that failed: ${firstFailure}`] : []),
  ].join('\n\n');
}
