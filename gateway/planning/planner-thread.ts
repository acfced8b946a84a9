/** One worker thread with the query planner in it, from its start to its end. */
import { Worker } from 'node:worker_threads';
import type { PlannerAnswer, PlannerData, PlannerMessage, PlanRequest } from './planner-worker.ts';

export interface PlannerThread {
  /** What clients may ask, as SDL. */
  readonly apiSchemaSdl: string;
  /** Asked one question at a time; the answer comes by `onAnswer`. */
  ask(request: PlanRequest): void;
  /** `onEnd` is not called for it. */
  end(): Promise<void>;
}

export interface PlannerThreadOptions extends PlannerData {
  readonly maxHeapMb: number;
  readonly onAnswer: (answer: PlannerAnswer) => void;
  /** Told when the thread ends by itself: out of memory, most likely. */
  readonly onEnd: (reason: string) => void;
}

/** @throws Error with the planner's reason when the supergraph cannot be planned over */
export function startPlannerThread(options: PlannerThreadOptions): Promise<PlannerThread> {
  const { onAnswer, onEnd, maxHeapMb, ...workerData } = options;
  const worker = new Worker(new URL('./planner-worker.ts', import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
  });
  worker.unref();
  let state: 'starting' | 'ready' | 'ended' = 'starting';
  let reason = 'it ended without a word';
  const end = async (): Promise<void> => {
    state = 'ended';
    await worker.terminate();
  };
  return new Promise((resolve, reject) => {
    worker.on('message', (message: PlannerMessage) => {
      if (message.kind === 'ready') {
        state = 'ready';
        resolve({ apiSchemaSdl: message.apiSchemaSdl, ask: (request) => worker.postMessage(request), end });
      } else if (message.kind === 'unusable') {
        reject(new Error(message.reason));
        void end();
      } else onAnswer(message);
    });
    worker.on('error', (error) => {
      reason = error.message;
    });
    worker.once('exit', () => {
      if (state === 'starting') reject(new Error(`The planner did not start: ${reason}`));
      if (state === 'ready') onEnd(reason);
    });
  });
}
