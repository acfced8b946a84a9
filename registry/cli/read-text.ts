/** Reads what a command is given: a file, or standard input for `-`. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { CommandError } from './output.ts';

/** @throws CommandError naming the file */
export async function readText(path: string): Promise<string> {
  try {
    return path === '-' ? await text(process.stdin) : await readFile(path, 'utf8');
  } catch {
    throw new CommandError(
      { code: 'UNREADABLE', message: `${path} cannot be read. Check the path and its permissions.` },
      2,
    );
  }
}

/** @throws CommandError when it is no JSON */
export async function readJson(path: string): Promise<unknown> {
  const content = await readText(path);
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new CommandError(
      { code: 'UNREADABLE', message: `${path} is not JSON: ${(error as Error).message}` },
      2,
    );
  }
}
