/** Counts documents that an enforced safelist would refuse, by client, and logs each once where clients are warned. */
import type { Logger } from 'pino';
import type { UnregisteredUse } from './resolve-document.ts';

export interface ReportOptions {
  /** Clients write their names themselves; only known ones may label a metric. */
  readonly isKnown: (clientName: string) => boolean;
  readonly count: (labels: { client: string; registered: string }) => void;
  readonly log: Pick<Logger, 'warn'>;
}

/** Beyond these the oldest are forgotten, and may be logged again. */
const maxRemembered = 1_000;

export function createReportUnregistered({
  isKnown,
  count,
  log,
}: ReportOptions): (use: UnregisteredUse) => void {
  const logged = new Set<string>();
  return ({ client, documentId, operationName, policy, isRegistered }) => {
    const name = client.name === undefined ? 'none' : isKnown(client.name) ? client.name : 'other';
    count({ client: name, registered: `${isRegistered}` });
    if (policy !== 'warn' || logged.has(documentId)) return;
    logged.add(documentId);
    const [oldest] = logged;
    if (logged.size > maxRemembered && oldest !== undefined) logged.delete(oldest);
    log.warn(
      { client, documentId, operationName, registered: isRegistered },
      'a document came as text that an enforced safelist would refuse',
    );
  };
}
