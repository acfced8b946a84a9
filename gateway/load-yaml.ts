/** Reads a YAML or JSON file. */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { StartupError } from './startup-error.ts';

/** @param what the file is, for the message @throws StartupError */
export async function loadYaml(path: string, what: string): Promise<unknown> {
  try {
    return parse(await readFile(path, 'utf8')) ?? {};
  } catch (cause) {
    throw new StartupError(`The ${what} ${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
