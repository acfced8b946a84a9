/** Plans operations in a worker thread: the request thread never waits on the planner, and no plan takes long. */
import { RequestError } from '../errors.ts';
import { type PlannerThread, startPlannerThread } from './planner-thread.ts';
import type { PlannerAnswer, PlanRequest } from './planner-worker.ts';
import type { QueryPlan } from './query-plan.ts';

export interface Planner {
  /** What clients may ask, as SDL. */
  readonly apiSchemaSdl: string;
  /**
   * Those who ask for the same plan while it is being made get the same one.
   *
   * @param limitMs in place of `timeoutMs`, for operations that are trusted
   * @throws PLAN_TOO_EXPENSIVE when it takes too long or cannot be planned, OVERLOADED when too many wait
   */
  plan(source: string, operationName: string | undefined, limitMs?: number): Promise<QueryPlan>;
  close(): Promise<void>;
}

export interface PlannerOptions {
  readonly supergraphSdl: string;
  /** After this the thread is killed and another takes its place. */
  readonly timeoutMs: number;
  /** Operations that may wait for the thread. */
  readonly maxQueued: number;
  readonly maxHeapMb: number;
  /** Told when the thread has to be replaced. */
  readonly onRestart?: (reason: string) => void;
}

interface Job extends PlanRequest, PromiseWithResolvers<QueryPlan> {
  readonly limitMs: number;
}

const maxEvaluatedPlans = 500;
/** Until the next attempt, when a thread did not start in place of another. */
const retryMs = 1_000;

/** @throws Error with the planner's reason when the supergraph cannot be planned over */
export async function createPlanner(options: PlannerOptions): Promise<Planner> {
  const { supergraphSdl, timeoutMs, maxQueued, maxHeapMb, onRestart } = options;
  const queue: Job[] = [];
  const wanted = new Map<string, Promise<QueryPlan>>();
  let running: { readonly job: Job; readonly timer: NodeJS.Timeout } | undefined;
  /** Absent while another starts. */
  let thread: PlannerThread | undefined;
  let nextId = 0;
  let closed = false;

  const start = async (): Promise<PlannerThread> => {
    const fresh = await startPlannerThread({
      ...{ supergraphSdl, maxEvaluatedPlans, maxHeapMb, onAnswer },
      onEnd: (reason) => replaceThread(reason, 'Planning this operation takes too much.'),
    });
    if (closed) await fresh.end();
    else thread = fresh;
    advance();
    return fresh;
  };

  const startAgain = (): void => {
    if (closed) return;
    start().catch(() => setTimeout(startAgain, retryMs).unref());
  };

  /** What waits is not lost: the next thread plans it. */
  const replaceThread = (reason: string, refusal: string): void => {
    void thread?.end();
    thread = undefined;
    takeRunning()?.reject(new RequestError('PLAN_TOO_EXPENSIVE', refusal));
    onRestart?.(reason);
    startAgain();
  };

  const advance = (): void => {
    if (running || !thread) return;
    const job = queue.shift();
    if (!job) return;
    const timer = setTimeout(
      () => replaceThread('a plan took too long', 'Planning this operation takes too long.'),
      job.limitMs,
    );
    running = { job, timer };
    const { id, source, operationName } = job;
    thread.ask({ id, source, operationName });
  };

  const takeRunning = (): Job | undefined => {
    clearTimeout(running?.timer);
    const job = running?.job;
    running = undefined;
    return job;
  };

  const onAnswer = (answer: PlannerAnswer): void => {
    // A thread that is being replaced may still have answered.
    if (answer.id !== running?.job.id) return;
    const job = takeRunning();
    if (answer.kind === 'plan') job?.resolve(answer.plan);
    else job?.reject(new RequestError('PLAN_TOO_EXPENSIVE', 'This operation cannot be planned.'));
    advance();
  };

  const enqueue = (operation: Omit<PlanRequest, 'id'>, limitMs: number): Promise<QueryPlan> => {
    const job: Job = { id: nextId++, ...operation, limitMs, ...Promise.withResolvers<QueryPlan>() };
    queue.push(job);
    advance();
    return job.promise;
  };

  const { apiSchemaSdl } = await start();
  return {
    apiSchemaSdl,
    async plan(source, operationName, limitMs = timeoutMs) {
      const key = `${operationName ?? ''} ${source}`;
      const known = wanted.get(key);
      if (known) return known;
      if (closed) throw new RequestError('SHUTTING_DOWN', 'No more operations are planned.');
      if (queue.length >= maxQueued) {
        throw new RequestError('OVERLOADED', 'Too many new operations wait to be planned.', {
          'retry-after': '1',
        });
      }
      const plan = enqueue({ source, operationName }, limitMs);
      wanted.set(key, plan);
      return plan.finally(() => wanted.delete(key));
    },
    async close() {
      closed = true;
      const left = [takeRunning(), ...queue.splice(0)];
      for (const job of left)
        job?.reject(new RequestError('SHUTTING_DOWN', 'No more operations are planned.'));
      await thread?.end();
      thread = undefined;
    },
  };
}
