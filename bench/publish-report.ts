/** Writes what publishes and rollbacks did to requests and memory as tables. */
import type { PublishOutcome } from './measure-publishes.ts';
import { toTable } from './table.ts';

/** p99 beside what it is while the registry rests, and while it works as hard and publishes nothing; heap beside what it was. */
export const publishGoals = { p99: 1.5, heap: 1.05, failed: 0 } as const;

export function toPublishTables(outcome: PublishOutcome): string {
  const { publishes, rollbacks, liveMs, quiet, checked, busy, heapMb } = outcome;
  const timesBusy = (of: PublishOutcome['busy']): string => (busy.p99Ms / of.p99Ms).toFixed(2);
  const toRow = (
    title: string,
    { requests, failed, p50Ms, p99Ms, maxMs }: PublishOutcome['busy'],
  ): string[] => [
    ...[title, `${requests}`, `${failed}`],
    ...[p50Ms, p99Ms, maxMs].map((value) => value.toFixed(1)),
  ];
  const firstFailure = quiet.firstFailure ?? checked.firstFailure ?? busy.firstFailure;
  return [
    toTable([
      ['requests', 'sent', 'failed', 'p50 ms', 'p99 ms', 'max ms'],
      toRow('while nothing happens', quiet),
      toRow('while others check', checked),
      toRow('while others publish', busy),
      ['× while nothing happens', '···', '···', '···', timesBusy(quiet), '···'],
      ['× while others check', '···', '···', '···', timesBusy(checked), '···'],
      ['goal, at most', '···', `${publishGoals.failed}`, '···', publishGoals.p99.toFixed(2), '···'],
    ]),
    toTable([
      [`${publishes} publishes, ${rollbacks} rollbacks`, 'median ms', 'p95 ms', 'max ms'],
      ['until the gateway serves it', ...[liveMs.median, liveMs.p95, liveMs.max].map((ms) => ms.toFixed(0))],
    ]),
    toTable([
      ['heap of the gateway', 'before MB', 'after MB', '× before'],
      [
        'after a garbage collection',
        ...[heapMb.before, heapMb.after].map((mb) => mb.toFixed(1)),
        (heapMb.after / heapMb.before).toFixed(3),
      ],
      ['goal, at most', '···', '···', publishGoals.heap.toFixed(3)],
    ]),
    ...(firstFailure ? [`The first that failed: ${firstFailure}`] : []),
  ].join('\n\n');
}
