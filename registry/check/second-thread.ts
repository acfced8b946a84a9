/** `measure-thread.ts` as seen from the thread that composes. */
import { Worker } from 'node:worker_threads';
import { CompositionError } from '../compose.ts';
import type { Measured } from './measure-operations.ts';
import type { ThreadData, ThreadMessage } from './measure-thread.ts';
import type { Measuring, Work } from './measuring.ts';

export class OutOfMemoryError extends Error {
  override readonly name = 'OutOfMemoryError';
}

export interface SecondThread {
  /** Of what was in force when it started. @throws OutOfMemoryError */
  apiSchemaInForce(): Promise<string>;
  /** Once. Its promises are rejected by OutOfMemoryError, too. */
  measure(work: Work, onProgress: (done: number) => void): Measuring;
  end(): void;
}

/** The stack of a process's first thread and what Node keeps of a worker's, in KB: what one can plan the other can, too. */
const [stackKb, reservedStackKb] = [984, 192];

/** Limited in memory as the process is: V8's options hold for each thread. */
export function startSecondThread(data: ThreadData): SecondThread {
  const worker = new Worker(new URL('./measure-thread.ts', import.meta.url), {
    workerData: data,
    resourceLimits: { stackSizeMb: (stackKb + reservedStackKb) / 1_024 },
  });
  const inForce = Promise.withResolvers<string>();
  const apiSchema = Promise.withResolvers<string>();
  const measured = Promise.withResolvers<readonly Measured[]>();
  const all = [inForce, apiSchema, measured];
  const fail = (error: Error): void => {
    for (const { reject } of all) reject(error);
  };
  // Nobody need be waiting for any of them.
  for (const { promise } of all) promise.catch(() => {});
  let tell = (_done: number): void => {};
  worker
    .on('message', (message: ThreadMessage) => {
      if (message.kind === 'progress') tell(message.done);
      else if (message.kind === 'inForce') inForce.resolve(message.apiSchemaSdl);
      else if (message.kind === 'ready') apiSchema.resolve(message.apiSchemaSdl);
      else if (message.kind === 'refused') apiSchema.reject(new CompositionError(message.problems));
      else measured.resolve(message.measured);
    })
    .once('error', (error: Error & { readonly code?: string }) =>
      fail(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new OutOfMemoryError(error.message) : error),
    )
    .once('exit', () => fail(new Error('The second thread ended before it answered.')));
  return {
    apiSchemaInForce: () => inForce.promise,
    measure(work, onProgress) {
      tell = onProgress;
      worker.postMessage(work);
      return { apiSchemaSdl: () => apiSchema.promise, measured: () => measured.promise };
    },
    end() {
      worker.terminate();
    },
  };
}
