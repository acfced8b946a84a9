/** Loads the demo mini-program's bundle as a phone does: in a context with `wx` and timers and nothing of Node. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import type { createApi } from '../../client/demo/generated/operations.ts';
import type { createClient } from '../../client/index.ts';
import type { Wx } from '../../test/support/wx.ts';

export interface MiniProgram {
  readonly createClient: typeof createClient;
  readonly createApi: typeof createApi;
}

const bundlePath = fileURLToPath(new URL('../../client/demo/generated/minigate.js', import.meta.url));

export async function loadMiniProgram(wx: Wx): Promise<MiniProgram> {
  const module = { exports: {} as MiniProgram };
  const globals = { wx, setTimeout, clearTimeout, module, exports: module.exports };
  runInContext(await readFile(bundlePath, 'utf8'), createContext(globals), { filename: 'minigate.js' });
  return module.exports;
}
