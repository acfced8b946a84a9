/** `npm start`: brings up the whole example in this process, places one order, and says where everything is. */
import { randomUUID } from 'node:crypto';
import { endOnSignal } from '../../gateway/end-on-signal.ts';
import { StartupError } from '../../gateway/startup-error.ts';
import { DatabaseUnavailableError } from '../../subgraphs/shared/database.ts';
import { runJourney } from './journey.ts';
import { parseSettings } from './settings.ts';
import { startStack } from './stack.ts';
import { formatAddresses, formatCurl, formatSteps } from './transcript.ts';

const startedAt = performance.now();
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

try {
  const settings = parseSettings(process.env);
  const stack = await startStack(settings, { onProgress: (step) => say(`… ${step}`) });
  endOnSignal(stack.close);
  const { gatewayUrl, simulatorUrl } = stack;
  const journey = await runJourney({
    gatewayUrl,
    simulatorUrl,
    openid: `o-first-${randomUUID().slice(0, 8)}`,
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  say(`\nMinigate is ready after ${seconds} s.\n\n${formatAddresses(stack, settings)}`);
  say(`\nA mini-program has just done this, by its generated client:\n\n${formatSteps(journey.steps)}`);
  say(`\nThe same by hand:\n\n${await formatCurl(stack, journey)}`);
  say('\nCtrl+C ends it.');
} catch (error) {
  process.stderr.write(`${toMessage(error)}\n`);
  process.exit(1);
}

type SystemError = NodeJS.ErrnoException & { port?: number; address?: string; hostname?: string };

function toMessage(error: unknown): string {
  const { code, message, port, address, hostname } = toSystemError(error);
  const where = 'the variables in docs/running.md';
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use by another program. End it, or choose another by ${where}.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `${address ?? hostname} is no address of this machine. Correct HOST.`;
  if (code === 'EACCES' && port) return `Port ${port} needs more rights. Choose another by ${where}.`;
  if (error instanceof StartupError || error instanceof DatabaseUnavailableError) return error.message;
  return `Minigate cannot start: ${message}`;
}

/** What the system said, where the gateway has put it into the words of its own flags. */
function toSystemError(error: unknown): SystemError {
  const { cause } = error as Error;
  return (error instanceof StartupError && cause instanceof Error ? cause : error) as SystemError;
}
