/**
 * The gateway whose supergraph is swapped, as a child process: says how long each swap stalled its event loop.
 *
 * Started by `measure-swaps.ts` with a file of settings and the files of the supergraphs.
 */
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { parseConfig } from '../gateway/config.ts';
import { createGateway } from '../gateway/gateway.ts';

export type SwapCommand =
  | { readonly kind: 'swap' /** Of the files given. */; readonly supergraph: number }
  | { readonly kind: 'heap' };

export type SwapReport =
  | { readonly kind: 'ready'; readonly url: string }
  | {
      readonly kind: 'swapped';
      readonly tookMs: number;
      /** On the clock: another process may have had the core meanwhile. */
      readonly longestStallMs: number;
      /** Of the thread's own processor time between two turns of the loop; the kernel counts it in steps of some ms. */
      readonly longestHoldMs: number;
    }
  | { readonly kind: 'heap'; readonly usedMb: number };

const [settingsFile = '', ...supergraphFiles] = process.argv.slice(2);
const supergraphs = supergraphFiles.map((file) => readFileSync(file, 'utf8'));
const gateway = await createGateway(parseConfig(JSON.parse(readFileSync(settingsFile, 'utf8'))));
const loop = monitorEventLoopDelay({ resolution: 1 });
const hold = watchHolds();
loop.enable();

/** For what is left to do after a swap: the old generation ends. */
const afterSwapMs = 50;

async function swap(supergraph: string): Promise<SwapReport> {
  loop.reset();
  hold.reset();
  const startedAt = performance.now();
  await gateway.replaceSupergraph(supergraph);
  const tookMs = performance.now() - startedAt;
  await delay(afterSwapMs);
  return { kind: 'swapped', tookMs, longestStallMs: loop.max / 1e6, longestHoldMs: hold.longestMs() };
}

function readHeap(): SwapReport {
  globalThis.gc?.();
  globalThis.gc?.();
  return { kind: 'heap', usedMb: process.memoryUsage().heapUsed / 1024 / 1024 };
}

function watchHolds() {
  let before = process.threadCpuUsage();
  let longestMs = 0;
  setInterval(() => {
    const now = process.threadCpuUsage();
    longestMs = Math.max(longestMs, (now.user - before.user + now.system - before.system) / 1000);
    before = now;
  }, 1).unref();
  return {
    reset() {
      longestMs = 0;
    },
    longestMs: () => longestMs,
  };
}

const say = (report: SwapReport): void => {
  process.send?.(report);
};
process.on('message', async (command: SwapCommand) => {
  say(command.kind === 'heap' ? readHeap() : await swap(supergraphs[command.supergraph] ?? ''));
});
process.on('SIGTERM', () => gateway.close().then(() => process.exit()));
say({ kind: 'ready', url: gateway.url });
