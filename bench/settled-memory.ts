/** Reads what a candidate keeps in memory, without what is only waiting to be collected. */
import { setTimeout as delay } from 'node:timers/promises';
import { readMemory } from './process-tree.ts';

/** The environment in which `readSettledMb` can have a candidate's garbage collected. */
export const collectable = {
  NODE_OPTIONS: `--expose-gc --import ${new URL('collect-garbage.ts', import.meta.url)}`,
};

/** Resident memory after a garbage collection, when freed pages have had a second to go back. */
export async function readSettledMb(pid: number): Promise<number> {
  process.kill(pid, 'SIGUSR2');
  await delay(1_000);
  return readMemory(pid).residentMb;
}
