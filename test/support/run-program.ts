/** Runs one of the project's programs as its own process, as an operator does. */
import { type ChildProcess, spawn } from 'node:child_process';

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

/** The environment is `env` and the path, nothing inherited: settings of the machine do not reach the test. */
export function startProgram(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  cwd?: string,
): RunningProgram {
  const child = spawn(process.execPath, args, { env: { PATH: process.env.PATH, ...env }, cwd });
  const output = { stdout: '', stderr: '' };
  const waiting = new Set<() => void>();
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
      for (const check of waiting) check();
    });
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
