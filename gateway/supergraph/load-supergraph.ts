/** Reads a composed supergraph from a file. */
import { readFile } from 'node:fs/promises';
import { StartupError } from '../startup-error.ts';

/** @throws StartupError */
export async function loadSupergraph(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new StartupError(
      `The supergraph ${path} cannot be read. Compose one by \`npx minigate supergraph compose --config FILE --output ${path}\`.`,
      { cause },
    );
  }
}
