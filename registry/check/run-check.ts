/** Runs checks in processes of their own, which are ended when one takes too long or too much memory. */
import { type ChildProcess, fork } from 'node:child_process';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { RegistryError } from '../errors.ts';
import type { CheckProgress } from './check-candidate.ts';
import type { CheckMessage } from './check-process.ts';
import type { Job, Outcome, TaskName } from './tasks.ts';

export interface RunChecksOptions {
  readonly timeoutMs: number;
  readonly maxHeapMb: number;
  /** Processes at one time; other jobs wait. */
  readonly concurrency: number;
}

export interface Checks {
  /** @throws TOO_COMPLEX when the process was ended, POLICY_INVALID where it was for what the settings name, INTERNAL_ERROR when it failed by itself */
  run<Name extends TaskName>(
    task: Name,
    job: Job<Name>,
    onProgress?: (progress: CheckProgress) => void,
  ): Promise<Outcome<Name>>;
  /** Ends what runs. */
  close(): void;
}

/** A process that has answered takes another job: starting one costs more than most checks do. */
interface Checker {
  readonly child: ChildProcess;
  jobs: number;
  idle?: NodeJS.Timeout;
}

const program = fileURLToPath(new URL('check-process.ts', import.meta.url));
/** After so many nothing that an earlier job has left behind is carried on. */
const maxJobs = 100;
const maxIdleMs = 60_000;

export function createChecks({ timeoutMs, maxHeapMb, concurrency }: RunChecksOptions): Checks {
  const waiting: (() => void)[] = [];
  const all = new Set<Checker>();
  const idle: Checker[] = [];
  let running = 0;

  const start = (): Checker => {
    const child = fork(program, {
      // Composing makes much that lives for a moment: a larger nursery spares most of the collector's work.
      execArgv: [
        ...[`--max-old-space-size=${maxHeapMb}`, '--max-semi-space-size=32'],
        '--disable-warning=ExperimentalWarning',
      ],
      env: childEnvironment(),
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    giveWay(child);
    const checker: Checker = { child, jobs: 0 };
    all.add(checker);
    child.on('error', () => forget(checker));
    child.once('exit', () => forget(checker));
    return checker;
  };

  const forget = (checker: Checker): void => {
    clearTimeout(checker.idle);
    all.delete(checker);
    if (idle.includes(checker)) idle.splice(idle.indexOf(checker), 1);
  };

  const end = (checker: Checker): void => {
    forget(checker);
    checker.child.kill('SIGKILL');
  };

  const take = (): Checker => {
    const checker = idle.pop() ?? start();
    clearTimeout(checker.idle);
    checker.child.ref();
    checker.child.channel?.ref();
    checker.jobs += 1;
    return checker;
  };

  /** It no longer keeps the registry's process alive. */
  const rest = (checker: Checker): void => {
    if (checker.jobs >= maxJobs || !checker.child.connected) {
      end(checker);
      return;
    }
    checker.child.unref();
    checker.child.channel?.unref();
    checker.idle = setTimeout(end, maxIdleMs, checker).unref();
    idle.push(checker);
  };

  const runOne = (
    checker: Checker,
    call: { readonly task: TaskName; readonly job: unknown },
    onProgress: (progress: CheckProgress) => void,
  ): Promise<unknown> => {
    const { child } = checker;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const fail = (code: 'TOO_COMPLEX' | 'POLICY_INVALID' | 'INTERNAL_ERROR', message: string): void =>
      reject(new RegistryError(code, message));
    const tooComplex = (): void =>
      fail('TOO_COMPLEX', 'Composing or checking this takes too much time or memory.');
    const onMessage = (message: CheckMessage): void => {
      if (message.kind === 'progress') onProgress(message.progress);
      else if (message.kind === 'outcome') resolve(message.outcome);
      else if (message.of === 'settings') fail('POLICY_INVALID', message.reason);
      else if (message.of === 'memory') tooComplex();
      else fail('INTERNAL_ERROR', `The check failed: ${message.reason}`);
    };
    const onError = (error: Error): void => fail('INTERNAL_ERROR', error.message);
    // Running out of memory ends a process by a signal.
    const onExit = (code: number | null, signal: NodeJS.Signals | null): void =>
      signal ? tooComplex() : fail('INTERNAL_ERROR', `The check ended with ${code} and no answer.`);
    const timer = setTimeout(tooComplex, timeoutMs);
    child.on('message', onMessage).once('error', onError).once('exit', onExit);
    child.send(call);
    return promise.finally(() => {
      clearTimeout(timer);
      child.off('message', onMessage).off('error', onError).off('exit', onExit);
    });
  };

  return {
    async run(task, job, onProgress = () => {}) {
      if (running >= concurrency) await new Promise<void>((resolve) => waiting.push(resolve));
      running += 1;
      const checker = take();
      try {
        const outcome = await runOne(checker, { task, job }, onProgress);
        rest(checker);
        return outcome as Outcome<typeof task>;
      } catch (error) {
        end(checker);
        throw error;
      } finally {
        running -= 1;
        waiting.shift()?.();
      }
    },
    close() {
      for (const checker of all) end(checker);
    },
  };
}

/** By the kernel's weights about a third of a busy core; at 10 it would be a tenth, and checks would reach their time limit. */
const checkNiceness = 5;

/** Whoever answers requests goes first. From here, because later the child has threads that would not be reached. */
function giveWay({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, checkNiceness);
  } catch {
    // It checks all the same.
  }
}

/** No token, no key and no address of a database: the process reads what others wrote. */
function childEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, APOLLO_TELEMETRY_DISABLED: '1' };
}
