/** What this process's gateways hold secret, log and answer: of one test file, each of which has its own. */
import { recordAnswers } from './record-answers.ts';
import { createSecretWatch } from './secret-watch.ts';

export const secretWatch = createSecretWatch();
const ports = new Set<number>();

export function watchGateway(...urls: readonly string[]): void {
  for (const url of urls) ports.add(Number(new URL(url).port));
}

export function watchAnswers(): () => void {
  return recordAnswers((port) => ports.has(port), secretWatch.answered);
}
