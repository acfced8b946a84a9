/** Starts a program of its own for a part of the benchmark, waits until it answers, and ends it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { availableParallelism, cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

export interface ProgramOptions {
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly port: number;
  /** The only core it may run on, where cores can be chosen. */
  readonly core: number;
}

export interface Program {
  readonly pid: number;
  close(): Promise<void>;
}

const startTimeoutMs = 30_000;
const endTimeoutMs = 5_000;

/** Whether programs can be kept to a core each: there are two, and `taskset` is installed. */
export const canPin: boolean = availableParallelism() > 1 && hasTaskset();

/** Keeps this process, with the load it makes, to one core. */
export function pinSelf(core: number): void {
  if (canPin) execFileSync('taskset', ['-a', '-c', '-p', `${core}`, `${process.pid}`]);
}

/**
 * Lets this process, with the load it makes, have its core before anybody's threads, as phones have machines of their own.
 * Processes it starts are as others. Where the system does not allow it, nothing changes.
 */
export function goFirst(): void {
  try {
    execFileSync('chrt', ['--reset-on-fork', '--rr', '--all-tasks', '--pid', '1', `${process.pid}`], {
      stdio: 'ignore',
    });
  } catch {
    // What waits for the core counts as the gateway's.
  }
}

/** How `fork` starts Node with a collector that can be called, on all cores even when this process is kept to one. */
export function nodeOnAllCores(): { readonly execPath: string; readonly execArgv: string[] } {
  if (!canPin) return { execPath: process.execPath, execArgv: ['--expose-gc'] };
  return {
    execPath: 'taskset',
    execArgv: ['-c', `0-${cpus().length - 1}`, process.execPath, '--expose-gc'],
  };
}

/** @throws Error with the program's last words when it ends or does not listen within 30 s */
export async function startProgram({ command, env, port, core }: ProgramOptions): Promise<Program> {
  if (await isListening(port)) throw new Error(`Port ${port} is in use by another program.`);
  const [file = '', ...args] = canPin ? ['taskset', '-c', `${core}`, ...command] : command;
  const child = spawn(file, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const end = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', end);
  let lastWords = '';
  child.stderr.setEncoding('utf8').on('data', (words: string) => {
    lastWords = (lastWords + words).slice(-2_000);
  });
  child.once('error', (error) => {
    lastWords = `${error}`;
  });

  const giveUpAt = performance.now() + startTimeoutMs;
  while (!(await isListening(port))) {
    if (isOver(child) || child.pid === undefined || performance.now() > giveUpAt) {
      end();
      throw new Error(`${command.join(' ')} does not listen on port ${port}.\n${lastWords}`);
    }
    await delay(50);
  }
  return {
    pid: child.pid ?? 0,
    async close() {
      process.off('exit', end);
      if (isOver(child)) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const timer = setTimeout(end, endTimeoutMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

function isOver({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const settle = (listening: boolean) => () => {
      socket.destroy();
      resolve(listening);
    };
    socket.once('connect', settle(true)).once('error', settle(false));
  });
}

function hasTaskset(): boolean {
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
