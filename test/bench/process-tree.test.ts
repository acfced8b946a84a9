import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { forgetPeak, parseStat, readCpuMs, readMemory } from '../../bench/process-tree.ts';

/** Runs a script until it prints `ready`, reads something of its process, and lets it end. */
async function observe<T>(script: string, read: (pid: number) => T): Promise<T> {
  const child = spawn(process.execPath, ['--expose-gc', '-e', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const value = read(child.pid ?? 0);
  const ended = once(child, 'exit');
  child.stdin.end();
  await ended;
  return value;
}

const untilStdinEnds = `process.stdout.write('ready'); process.stdin.resume();`;
const burn300Ms = 'while (process.cpuUsage().user < 300_000);';

test("a program's name may hold spaces and parentheses", () => {
  const text = '42 (a (b) c) S 7 42 42 0 -1 0 1 2 3 4 100 20 3 1 20 0 11 0 99';
  expect(parseStat(text)).toEqual({ pid: 42, parent: 7, ticks: 124 });
});

test('the CPU time of a tree holds that of a child that ended and of one that lives', async () => {
  const script = `
    const { spawn, spawnSync } = require('node:child_process');
    spawnSync(process.execPath, ['-e', ${JSON.stringify(burn300Ms)}]);
    spawn(process.execPath, ['-e', ${JSON.stringify(burn300Ms + untilStdinEnds)}], { stdio: 'inherit' });`;
  expect(await observe(script, readCpuMs)).toBeGreaterThan(600);
});

test('a peak that is forgotten counts no longer', async () => {
  const script = `Buffer.alloc(100 * 1024 * 1024, 1); setImmediate(() => { gc(); ${untilStdinEnds} });`;
  const [before, after] = await observe(script, (pid) => {
    const { peakMb } = readMemory(pid);
    forgetPeak(pid);
    return [peakMb, readMemory(pid).peakMb];
  });
  expect(before - after).toBeGreaterThan(50);
});
