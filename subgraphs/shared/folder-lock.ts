/** Lets one process at a time use a folder: a file in it names the process, and counts only while that process runs. */
import { link, mkdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Another process uses the folder. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';

  constructor(pid: number, file: string) {
    super(`process ${pid} uses it, as ${file} says`);
  }
}

/**
 * Takes the folder for this process; one that a killed process has left is taken over.
 * Processes of other machines and containers cannot be asked whether they run: a folder must not be shared with them.
 *
 * @returns what gives the folder free again
 * @throws FolderInUseError
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, 'minigate.pid');
  const own = `${file}.${process.pid}`;
  await writeFile(own, `${process.pid}\n`);
  try {
    // A link, unlike a file that is being written, is there with its content or not at all.
    while (!(await succeeds(link(own, file), 'EEXIST'))) await removeLeftover(file);
  } finally {
    await rm(own, { force: true });
  }
  return () => rm(file, { force: true });
}

/** Longer than anybody needs to look at one file and delete it. */
const abandonedMs = 10_000;
const waitMs = 10;

/**
 * Deletes the file of a process that no longer runs. One at a time does so: between the look at the file and its end
 * nobody else may put another there.
 *
 * @throws FolderInUseError when the process that the file names runs
 */
async function removeLeftover(file: string): Promise<void> {
  const gate = `${file}.leftover`;
  if (!(await succeeds(mkdir(gate), 'EEXIST'))) {
    const made = await stat(gate).catch(() => undefined);
    if (made && Date.now() - made.mtimeMs > abandonedMs) await succeeds(rmdir(gate), 'ENOENT');
    else await delay(waitMs);
    return;
  }
  try {
    await refuseRunning(file);
    await rm(file, { force: true });
  } finally {
    await rmdir(gate);
  }
}

async function refuseRunning(file: string): Promise<void> {
  const pid = Number(await readFile(file, 'utf8').catch(() => Number.NaN));
  if (isRunning(pid)) throw new FolderInUseError(pid, file);
}

/** This process's own number is one that a killed process had before it, as happens in containers. */
function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** False for a failure with this code. */
async function succeeds(change: Promise<void>, code: string): Promise<boolean> {
  try {
    await change;
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === code) return false;
    throw error;
  }
}
