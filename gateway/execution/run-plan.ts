/** Carries out a compiled plan: every fetch starts as soon as those it waits for have ended. */
import type { FetchContext, RunFetch } from './compile-fetch.ts';
import type { FetchCondition, FetchStep } from './fetch-graph.ts';

export interface CompiledStep extends Pick<FetchStep, 'conditions' | 'waitsFor'> {
  readonly run: RunFetch;
}

export async function runPlan(steps: readonly CompiledStep[], context: FetchContext): Promise<void> {
  const ends: Promise<void>[] = [];
  for (const step of steps) {
    if (!step.conditions.every((condition) => holds(condition, context.variables))) {
      // What waits for it waits for what it would have waited for.
      ends.push(step.waitsFor.length === 0 ? Promise.resolve() : allOf(ends, step.waitsFor));
    } else if (step.waitsFor.length === 0) {
      ends.push(step.run(context));
    } else {
      ends.push(allOf(ends, step.waitsFor).then(() => step.run(context)));
    }
  }
  await Promise.all(ends);
}

function allOf(ends: readonly Promise<void>[], indices: readonly number[]): Promise<void> {
  const [only = 0] = indices;
  if (indices.length === 1) return ends[only] ?? Promise.resolve();
  return Promise.all(indices.map((index) => ends[index])).then(() => {});
}

function holds({ variable, value }: FetchCondition, variables: FetchContext['variables']): boolean {
  return (variables[variable] === true) === value;
}
