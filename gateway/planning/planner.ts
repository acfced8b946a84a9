/** Plans operations in a worker thread: the request thread never waits on the planner, and no plan takes long. */
import { Worker } from 'node:worker_threads';
import { RequestError } from '../errors.ts';
import type { PlannerData, PlannerMessage, PlanRequest } from './planner-worker.ts';
import type { QueryPlan } from './query-plan.ts';

export interface Planner {
  /** What clients may ask, as SDL. */
  readonly apiSchemaSdl: string;
  /** @throws PLAN_TOO_EXPENSIVE when it takes too long or cannot be planned, OVERLOADED when too many wait */
  plan(source: string, operationName: string | undefined): Promise<QueryPlan>;
  close(): Promise<void>;
}

export interface PlannerOptions {
  readonly supergraphSdl: string;
  /** After this the worker is killed and another takes its place. */
  readonly timeoutMs: number;
  /** Operations that may wait for the worker. */
  readonly maxQueued: number;
  readonly maxHeapMb: number;
  /** Told when the worker had to be replaced. */
  readonly onRestart?: (reason: string) => void;
}

interface Job extends PlanRequest {
  readonly resolve: (plan: QueryPlan) => void;
  readonly reject: (error: Error) => void;
}

const maxEvaluatedPlans = 500;

/** @throws Error with the planner's reason when the supergraph cannot be planned over */
export async function createPlanner(options: PlannerOptions): Promise<Planner> {
  const queue: Job[] = [];
  let running: { job: Job; timer: NodeJS.Timeout } | undefined;
  let worker: Worker | undefined;
  let nextId = 0;
  let closed = false;

  const start = async (): Promise<string> => {
    const workerData: PlannerData = { supergraphSdl: options.supergraphSdl, maxEvaluatedPlans };
    const fresh = new Worker(new URL('./planner-worker.ts', import.meta.url), {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: options.maxHeapMb },
    });
    fresh.unref();
    const ready = await new Promise<string>((resolve, reject) => {
      fresh.on('message', (message: PlannerMessage) => {
        if (message.kind === 'ready') resolve(message.apiSchemaSdl);
        else if (message.kind === 'unusable') reject(new Error(message.reason));
        else settle(message);
      });
      fresh.once('error', (error) => {
        reject(error);
        if (worker === fresh) replace('the planner ended by an error');
      });
    });
    worker = fresh;
    advance();
    return ready;
  };

  const settle = (message: Extract<PlannerMessage, { id: number }>): void => {
    const job = takeRunning(message.id);
    if (!job) return;
    if (message.kind === 'plan') job.resolve(message.plan);
    else job.reject(new RequestError('PLAN_TOO_EXPENSIVE', 'This operation cannot be planned.'));
    advance();
  };

  const takeRunning = (id: number): Job | undefined => {
    if (running?.job.id !== id) return undefined;
    const { job, timer } = running;
    clearTimeout(timer);
    running = undefined;
    return job;
  };

  const advance = (): void => {
    if (running || !worker) return;
    const job = queue.shift();
    if (!job) return;
    const timer = setTimeout(() => {
      takeRunning(job.id);
      job.reject(new RequestError('PLAN_TOO_EXPENSIVE', 'Planning this operation takes too long.'));
      replace('a plan took too long');
    }, options.timeoutMs);
    running = { job, timer };
    const { id, source, operationName } = job;
    worker.postMessage({ id, source, operationName } satisfies PlanRequest);
  };

  const replace = (reason: string): void => {
    const ended = worker;
    worker = undefined;
    ended?.removeAllListeners('error');
    ended?.on('error', () => {});
    void ended?.terminate();
    const job = running && takeRunning(running.job.id);
    job?.reject(new RequestError('PLAN_TOO_EXPENSIVE', 'Planning this operation takes too much.'));
    options.onRestart?.(reason);
    if (!closed)
      start().catch(() => setTimeout(() => !closed && replace('the planner did not start'), 1_000).unref());
  };

  const apiSchemaSdl = await start();
  return {
    apiSchemaSdl,
    plan: (source, operationName) =>
      new Promise((resolve, reject) => {
        if (closed || queue.length >= options.maxQueued) {
          reject(
            new RequestError('OVERLOADED', 'Too many new operations wait to be planned.', {
              'retry-after': '1',
            }),
          );
          return;
        }
        queue.push({ id: nextId++, source, operationName, resolve, reject });
        advance();
      }),
    async close() {
      closed = true;
      await worker?.terminate();
    },
  };
}
