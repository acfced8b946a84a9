/** Says when, where and how a run was made: without that its figures mean nothing. */
import { cpus } from 'node:os';
import type { Measured } from './options.ts';
import { candidateCore, connections, loadCore } from './run-candidate.ts';
import { canPin } from './start-program.ts';

export interface RunDescription {
  readonly date: string;
  readonly machine: string;
  readonly node: string;
  readonly command: string;
  readonly connections: number;
  readonly cores: string;
}

export function describeRun(args: readonly string[], measured: Measured, now: Date): RunDescription {
  return {
    date: now.toISOString().slice(0, 10),
    machine: `${cpus().length} × ${cpus()[0]?.model.trim()}`,
    node: process.version,
    command: ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
    connections,
    cores: canPin ? toCores(measured) : 'not pinned: there is one core only, or no taskset',
  };
}

function toCores(measured: Measured): string {
  if (measured === 'large') return 'checks on all cores';
  const candidate =
    measured === 'swap' || measured === 'publish'
      ? 'gateway on all cores'
      : `candidate on core ${candidateCore}`;
  return `${candidate}, subgraphs and load on core ${loadCore}`;
}

export function toHeading({
  date,
  machine,
  node,
  command,
  connections: open,
  cores,
}: RunDescription): string {
  return `${date}, ${machine}, Node ${node}, ${open} connections, ${cores}\n\`${command}\``;
}
