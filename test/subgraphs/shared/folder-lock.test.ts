/** One process at a time on a folder: who is refused, and what a killed process leaves. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FolderInUseError, lockFolder } from '../../../subgraphs/shared/folder-lock.ts';
import { startProgram } from '../../support/run-program.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'minigate-lock-'));
  file = join(folder, 'minigate.pid');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Takes the folder in a process of its own and stays. */
function startHolder() {
  const module = new URL('../../../subgraphs/shared/folder-lock.ts', import.meta.url);
  const script = `
    const { lockFolder } = await import(${JSON.stringify(module)});
    await lockFolder(${JSON.stringify(folder)}).then(() => console.log('took it'), (error) => console.log(error.name));
    setInterval(() => {}, 1000);`;
  return startProgram(['--input-type=module', '--eval', script]);
}

test('a folder names the process that uses it, until it is given free', async () => {
  const unlock = await lockFolder(folder);
  expect(readFileSync(file, 'utf8')).toBe(`${process.pid}\n`);

  await unlock();
  expect(readdirSync(folder)).toEqual([]);
});

test('a folder that a running process uses is refused, and taken over once that is killed', async () => {
  const holder = startHolder();
  await holder.waitFor('took it');
  const { pid = 0 } = holder.process;

  await expect(lockFolder(folder)).rejects.toEqual(new FolderInUseError(pid, file));
  expect(readdirSync(folder)).toEqual(['minigate.pid']);

  holder.process.kill('SIGKILL');
  await holder.ended;
  await lockFolder(folder);
  expect(readFileSync(file, 'utf8')).toBe(`${process.pid}\n`);
});

test.each([
  ['a number that no process has', '999999999\n'],
  ["this process's own number, which another had in an earlier container", `${process.pid}\n`],
  ['nothing', ''],
])('a file with %s is a leftover', async (_, content) => {
  writeFileSync(file, content);

  await lockFolder(folder);

  expect(readdirSync(folder)).toEqual(['minigate.pid']);
});

test('what a process that was killed while it took over has left stops nobody', async () => {
  writeFileSync(file, '999999999\n');
  mkdirSync(`${file}.leftover`);
  utimesSync(`${file}.leftover`, 0, 0);

  await lockFolder(folder);

  expect(readdirSync(folder)).toEqual(['minigate.pid']);
});

test('of eight processes that take over at once one gets the folder', async () => {
  writeFileSync(file, '999999999\n');
  const holders = Array.from({ length: 8 }, startHolder);
  await Promise.all(
    holders.map((holder) => Promise.race(['took it', 'FolderInUseError'].map(holder.waitFor))),
  );

  const said = holders.map((holder) => holder.output().stdout.trim()).sort();
  for (const holder of holders) holder.process.kill('SIGKILL');
  expect(said).toEqual([...Array.from({ length: 7 }, () => 'FolderInUseError'), 'took it']);
  await Promise.all(holders.map((holder) => holder.ended));
});
