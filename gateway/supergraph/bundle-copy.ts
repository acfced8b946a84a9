/** The last good bundle on disk, byte for byte as it was signed: what a gateway starts from while the registry is away. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface BundleCopy {
  /** Absent when there is none. */
  load(): Promise<Buffer | undefined>;
  /** Whole or not at all, also when the machine stops in the midst of it. */
  save(bytes: Buffer): Promise<void>;
}

export function createBundleCopy(file: string): BundleCopy {
  return {
    async load() {
      try {
        return await readFile(file);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async save(bytes) {
      await mkdir(dirname(file), { recursive: true });
      const unfinished = `${file}.${randomUUID()}`;
      try {
        await writeThrough(unfinished, bytes);
        await rename(unfinished, file);
      } catch (error) {
        await rm(unfinished, { force: true });
        throw error;
      }
    },
  };
}

async function writeThrough(file: string, bytes: Buffer): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
