/** The process that checks: takes one job at a time by its channel and answers it, until the registry has no more. */
import { StartupError } from '../../gateway/startup-error.ts';
import type { CheckProgress } from './check-candidate.ts';
import { createLastCandidate } from './last-candidate.ts';
import { OutOfMemoryError } from './second-thread.ts';
import { type Outcome, type TaskName, tasks } from './tasks.ts';

export interface TaskCall {
  readonly task: TaskName;
  readonly job: never;
}

export type CheckMessage =
  | { readonly kind: 'progress'; readonly progress: CheckProgress }
  | { readonly kind: 'outcome'; readonly outcome: Outcome<TaskName> }
  | { readonly kind: 'failed'; readonly reason: string; readonly of: 'settings' | 'memory' | 'itself' };

const last = createLastCandidate();
const say = (message: CheckMessage): void => {
  process.send?.(message);
};

process.on('message', async ({ task, job }: TaskCall) => {
  try {
    say({
      kind: 'outcome',
      outcome: await tasks[task](job, (progress) => say({ kind: 'progress', progress }), last),
    });
  } catch (error) {
    const of =
      error instanceof StartupError ? 'settings' : error instanceof OutOfMemoryError ? 'memory' : 'itself';
    say({ kind: 'failed', reason: (error as Error).message, of });
  }
});
process.once('disconnect', () => process.exit());
