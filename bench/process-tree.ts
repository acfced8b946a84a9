/** What a process and all its descendants have cost, as Linux counts it in /proc. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** User and system time of all its threads, and of the children it has buried; in clock ticks. */
  readonly ticks: number;
}

/** The text of /proc/PID/stat; the second field, the program's name, may itself hold spaces and parentheses. */
export function parseStat(text: string): ProcessStat {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  return {
    pid: Number.parseInt(text, 10),
    parent: field(4),
    ticks: field(14) + field(15) + field(16) + field(17),
  };
}

/** User and system time so far, in milliseconds. */
export function readCpuMs(root: number): number {
  const ticks = listTree(root).reduce((sum, stat) => sum + stat.ticks, 0);
  return (ticks / ticksPerSecond) * 1000;
}

export interface Memory {
  readonly residentMb: number;
  /** Since the start, or since `forgetPeak`. Processes of a tree need not have had theirs at the same time. */
  readonly peakMb: number;
}

export function readMemory(root: number): Memory {
  const texts = listTree(root).map(({ pid }) => readOrNothing(`/proc/${pid}/status`));
  const sumOf = (name: string): number =>
    texts.reduce(
      (sum, text) => sum + Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0),
      0,
    );
  return { residentMb: sumOf('VmRSS') / 1024, peakMb: sumOf('VmHWM') / 1024 };
}

/** Lets the peak be counted from now on. */
export function forgetPeak(root: number): void {
  for (const { pid } of listTree(root)) writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

function listTree(root: number): ProcessStat[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => readOrNothing(`/proc/${pid}/stat`))
    .filter((text) => text !== '')
    .map(parseStat);
  const tree = all.filter(({ pid }) => pid === root);
  // Grows while it is walked, by the children of each process in turn.
  for (const { pid } of tree) tree.push(...all.filter(({ parent }) => parent === pid));
  return tree;
}

/** Processes end while they are looked at. */
function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
