/** Writes what each stage costs as a table. */
import type { StageCost } from './measure-stages.ts';
import { toTable } from './table.ts';

export function toStageTable(costs: readonly StageCost[]): string {
  const sum = costs.reduce((total, { microseconds }) => total + microseconds, 0);
  return toTable([
    ['stage, light registered and warm', 'CPU µs'],
    ...costs.map(({ stage, microseconds }) => [stage, microseconds.toFixed(2)]),
    ['all of them', sum.toFixed(2)],
  ]);
}
