/** Says on stderr what a long call is doing, once it has taken more than two seconds. */
import type { Say } from './language.ts';

export interface Progress {
  show(step: {
    readonly step: 'compose' | 'operations' | 'bundle';
    readonly done: number;
    readonly total: number;
  }): void;
  end(): void;
}

const quietMs = 2_000;

export function startProgress(say: Say): Progress {
  const startedAt = performance.now();
  let text: string = say('compose');
  let shown = false;
  const write = (): void => {
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    const line = say('seconds', text, seconds);
    process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
    shown = true;
  };
  const timer = setInterval(write, quietMs);
  return {
    show({ step, done, total }) {
      text = total > 1 ? `${say(step)} ${done}/${total}` : say(step);
    },
    end() {
      clearInterval(timer);
      if (shown && process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    },
  };
}
