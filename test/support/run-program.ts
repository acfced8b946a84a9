/** Runs one of the project's programs as its own process, as an operator does. */
import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { HeardAnswer } from './hear-answers.ts';
import { secretWatch } from './known-secrets.ts';
import type { SecretWatch } from './secret-watch.ts';
import { secretsGiven } from './settings-secrets.ts';

export interface ProgramResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningProgram {
  readonly process: ChildProcess;
  readonly output: () => { stdout: string; stderr: string };
  /** Resolves once the text has appeared on either stream; rejects if the program ends before. */
  waitFor(text: string): Promise<void>;
  readonly ended: Promise<ProgramResult>;
}

const gatewayPrograms = new Set(['gateway/main.ts', 'deploy/laptop/main.ts']);
const hearAnswers = new URL('hear-answers.ts', import.meta.url).href;

/** Where a program says that its gateway listens, for clients and for operators. */
const gatewayAddress = /:(\d+)(?=\/graphql|\/health\/ready)|operators at \S+:(\d+)/g;

/**
 * The environment is `env` and the path, nothing inherited: settings of the machine do not reach the test.
 *
 * @param watch looks for secrets in all that the program writes, and in what its gateway answers
 */
export function startProgram(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  cwd?: string,
  watch = secretWatch,
): RunningProgram {
  watch.learn('setting of a program', ...secretsGiven(args, env));
  const hasGateway = args.some((arg) => gatewayPrograms.has(arg));
  const child = spawn(process.execPath, [...(hasGateway ? ['--import', hearAnswers] : []), ...args], {
    env: { PATH: process.env.PATH, ...env },
    cwd,
    stdio: ['pipe', 'pipe', 'pipe', ...(hasGateway ? (['ipc'] as const) : [])],
  }) as ChildProcessWithoutNullStreams;
  const output = { stdout: '', stderr: '' };
  if (hasGateway) watchAnswers(child, watch);
  const waiting = new Set<() => void>();
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
      for (const check of waiting) check();
    });
    createInterface({ input: child[stream] }).on('line', watch.logged);
  }
  const ended = new Promise<ProgramResult>((resolve) => {
    child.on('close', (exitCode) => resolve({ exitCode, ...output }));
  });
  return {
    process: child,
    output: () => ({ ...output }),
    ended,
    waitFor: (text) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (!`${output.stdout}${output.stderr}`.includes(text)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
        ended.then((result) => reject(new Error(`It ended first: ${JSON.stringify(result)}`)));
      }),
  };
}

/** Of all servers of the program: a WeChat simulator may answer what a gateway may not. */
function watchAnswers(child: ChildProcessWithoutNullStreams, watch: SecretWatch): void {
  const ports = new Set<number>();
  let early: HeardAnswer[] = [];
  const take = (answer: HeardAnswer): void => {
    if (ports.has(answer.port)) watch.answered(answer.path, answer.text);
    else early.push(answer);
  };
  child.on('message', take);
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      for (const [, client, operators] of line.matchAll(gatewayAddress))
        ports.add(Number(client ?? operators));
      const heard = early;
      early = [];
      heard.forEach(take);
    });
}
