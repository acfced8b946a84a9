/** Swaps a wide supergraph again and again under load, and watches what that does to requests and to the event loop. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { documentIdOf } from '../gateway/persisted/safelist.ts';
import { askAtRate, type RateOutcome } from './ask-at-rate.ts';
import { createHttpClient, type HttpClient } from './http-client.ts';
import { percentile } from './percentile.ts';
import { connections } from './run-candidate.ts';
import { serveAnswers } from './serve-answers.ts';
import { nodeOnAllCores } from './start-program.ts';
import {
  answerWideFetch,
  composeWideSupergraph,
  variants,
  wideAnswer,
  wideMutations,
  wideQueries,
} from './swap-schema.ts';
import type { SwapCommand, SwapReport } from './swap-target.ts';

export interface SwapOutcome extends RateOutcome {
  readonly swaps: number;
  readonly swapMs: Spread;
  readonly stallMs: Spread;
  readonly holdMs: Spread;
  /** After a garbage collection, before the first swap that counts and after the last. */
  readonly heapMb: { readonly before: number; readonly after: number };
}

export interface Spread {
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

const requestsPerSecond = 300;
/** Of ten requests one is a mutation. */
const mutationEvery = 10;
const warmUpSwaps = 10;

/** @param folder for the supergraphs and settings */
export async function measureSwaps(
  swaps: number,
  folder: string,
  onProgress: (what: string) => void,
): Promise<SwapOutcome> {
  const subgraphs = await serveAnswers((path, { variables }) =>
    answerWideFetch(path, variables?.representations),
  );
  const target = await startTarget(folder, subgraphs.origin);
  const client = createHttpClient(target.url, connections);
  try {
    for (let number = 0; number < warmUpSwaps; number += 1) await target.swap(number);
    const before = await target.readHeapMb();
    const load = askAtRate(requestsPerSecond, (number) => askWide(client, number));
    const reports = [];
    for (let number = 0; number < swaps; number += 1) {
      reports.push(await target.swap(number));
      if ((number + 1) % 50 === 0) onProgress(`${number + 1} of ${swaps} swaps`);
    }
    const outcome = await load.stop();
    return {
      ...outcome,
      swaps,
      swapMs: toSpread(reports.map(({ tookMs }) => tookMs)),
      stallMs: toSpread(reports.map(({ longestStallMs }) => longestStallMs)),
      holdMs: toSpread(reports.map(({ longestHoldMs }) => longestHoldMs)),
      heapMb: { before, after: await target.readHeapMb() },
    };
  } finally {
    await client.close();
    await target.close();
    await subgraphs.close();
  }
}

async function startTarget(folder: string, origin: string) {
  const supergraphs = variants.map((variant) => {
    const file = join(folder, `wide-${variant}.graphql`);
    writeFileSync(file, composeWideSupergraph(variant, origin));
    return file;
  });
  const manifest = join(folder, 'wide-manifest.json');
  writeFileSync(manifest, JSON.stringify(toWideManifest()));
  const settings = join(folder, 'wide-settings.json');
  writeFileSync(
    settings,
    JSON.stringify({
      ...{ supergraph: supergraphs[0], manifests: [manifest], port: 0, dev: true },
      budgets: { address: { capacity: 0 }, app: { capacity: 0 } },
      rates: { address: { requests: 0 }, app: { requests: 0 }, flood: { requests: 0 } },
      ...{ admin: { port: 0 }, log: { level: 'warn' } },
    }),
  );
  // On all cores, unlike this process: every swap starts a planner, in a thread so that it can have a core of its own.
  const child = fork(fileURLToPath(new URL('swap-target.ts', import.meta.url)), [settings, ...supergraphs], {
    ...nodeOnAllCores(),
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', process.stderr, process.stderr, 'ipc'],
  });
  const end = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', end);
  const ended = once(child, 'exit').then(() => undefined);
  const next = async <K extends SwapReport['kind']>(kind: K): Promise<Extract<SwapReport, { kind: K }>> => {
    const said = new Promise<SwapReport>((resolve) => child.once('message', resolve));
    const report = await Promise.race([said, ended]);
    if (!report) throw new Error('The gateway ended while its supergraph was swapped.');
    if (report.kind !== kind) throw new Error(`The gateway said ${report.kind} in place of ${kind}.`);
    return report as Extract<SwapReport, { kind: K }>;
  };
  const ask = <K extends SwapReport['kind']>(command: SwapCommand, kind: K) => {
    child.send(command);
    return next(kind);
  };
  const { url } = await next('ready');
  return {
    url,
    swap: (number: number) => ask({ kind: 'swap', supergraph: (number + 1) % variants.length }, 'swapped'),
    readHeapMb: async () => (await ask({ kind: 'heap' }, 'heap')).usedMb,
    async close() {
      process.off('exit', end);
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** @throws Error when the answer is not the whole and right one */
export async function askWide(client: HttpClient, number: number): Promise<void> {
  const documents = number % mutationEvery === 0 ? wideMutations : wideQueries;
  const document = documents[number % documents.length] ?? '';
  const { status, body } = await client.post(
    '/graphql',
    JSON.stringify({ documentId: documentIdOf(document) }),
  );
  if (status !== 200 || !isDeepStrictEqual(JSON.parse(body.toString()), wideAnswer))
    throw new Error(`${document} was answered by ${status} ${body.subarray(0, 500)}`);
}

/** All that is asked, as clients register it. */
export function toWideManifest(): object {
  const toOperations = (documents: readonly string[], type: string) =>
    documents.map((body) => ({ id: documentIdOf(body), body, name: /\w+\d+/.exec(body)?.[0], type }));
  return {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [...toOperations(wideQueries, 'query'), ...toOperations(wideMutations, 'mutation')],
  };
}

export function toSpread(values: readonly number[]): Spread {
  const ascending = values.toSorted((a, b) => a - b);
  return {
    median: percentile(ascending, 0.5),
    p95: percentile(ascending, 0.95),
    max: ascending.at(-1) ?? Number.NaN,
  };
}
