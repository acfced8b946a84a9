/** Sets what candidates cost beside each other: as tables, or the same as JSON. */
import type { Measurement } from './measure-load.ts';
import { toTable } from './table.ts';
import type { OperationName } from './workload.ts';

export interface Measured extends Measurement {
  readonly operation: OperationName;
  readonly candidate: string;
}

export interface Row extends Measured {
  /** CPU time as a part of unchanged Apollo's in the same run; null when that was not measured. */
  readonly ofApollo: number | null;
  /** CPU time as a multiple of the hand-written program's in the same run; null when that was not measured. */
  readonly timesHandWritten: number | null;
}

/** The most that a request may cost Minigate, as a part of what it costs unchanged Apollo. */
export const goals: Readonly<Record<OperationName, number>> = { heavy: 1 / 7, medium: 1 / 5, light: 1 / 4 };

/**
 * Hive Gateway 2.15.1 with its Rust planner and executor, as a part of unchanged Apollo's CPU time, on Node 24 in
 * November 2026: shown where it is not measured.
 */
export const hiveGateway: Readonly<Record<OperationName, number>> = {
  heavy: 0.33,
  medium: 0.29,
  light: 0.45,
};

export function toRows(measured: readonly Measured[]): Row[] {
  const ratioTo = (candidate: string, { operation, cpuMs }: Measured): number | null => {
    const other = measured.find((row) => row.operation === operation && row.candidate === candidate);
    return other ? cpuMs / other.cpuMs : null;
  };
  return measured.map((row) => ({
    ...row,
    ofApollo: ratioTo('unchanged-apollo', row),
    timesHandWritten: ratioTo('hand-written', row),
  }));
}

const titles = ['CPU ms', 'of Apollo', '× hand-written', 'requests/s', 'p50 ms', 'p99 ms', 'peak MB'];

/** One table for each operation. */
export function toTables(rows: readonly Row[]): string {
  const names = [...new Set(rows.map(({ operation }) => operation))];
  return names
    .map((name) => {
      const own = rows.filter(({ operation }) => operation === name);
      return toTable([[name, ...titles], ...own.map(toCells), ...toReferences(name, own)]);
    })
    .join('\n\n');
}

function toCells(row: Row): string[] {
  return [
    row.candidate,
    row.cpuMs.toFixed(3),
    row.ofApollo?.toFixed(3) ?? '–',
    row.timesHandWritten?.toFixed(2) ?? '–',
    row.requestsPerSecond.toFixed(0),
    row.p50Ms.toFixed(1),
    row.p99Ms.toFixed(1),
    row.peakMb.toFixed(0),
  ];
}

function toReferences(operation: OperationName, rows: readonly Row[]): string[][] {
  const toLine = (title: string, ofApollo: number): string[] => [
    title,
    ...titles.map((column) => (column === 'of Apollo' ? ofApollo.toFixed(3) : '···')),
  ];
  const isMeasured = rows.some(({ candidate }) => candidate === 'hive-gateway');
  return [
    ...(isMeasured ? [] : [toLine('hive-gateway, earlier', hiveGateway[operation])]),
    toLine('goal of minigate, at most', goals[operation]),
  ];
}
