/** Notes a failed check: in the audit log, and for those who want to hear of it. Nothing else has changed. */
import type { CheckReport } from '../check/problem.ts';
import { queueNotices } from '../notices/queue-notices.ts';
import { findStoreFault } from '../store/store-fault.ts';
import { writeAudit } from '../store/write-audit.ts';
import type { Changer, ChangeServices } from './services.ts';

export interface Refusal {
  readonly environment: string;
  readonly action: string;
  readonly subgraph?: string;
  readonly report: CheckReport;
}

/** @returns the report, with a warning where the database did not take the note: whoever asked is told all the same */
export async function refuse(
  { database, settings, now }: ChangeServices,
  { environment, action, subgraph, report }: Refusal,
  { origin }: Changer,
): Promise<CheckReport> {
  const problems = report.problems.slice(0, 20).map(({ code, message }) => `${code}: ${message}`);
  const details = { subject: subgraph ?? '', problems };
  try {
    await database.transaction(async (transaction) => {
      await writeAudit(transaction, { environment, action, outcome: 'refused', origin, details }, now());
      await queueNotices(
        transaction,
        settings.notices,
        { event: 'check_failed', environment, origin, details },
        now(),
      );
    });
    return report;
  } catch (error) {
    const fault = findStoreFault(error);
    if (fault === undefined) throw error;
    return { ...report, warnings: [`This failed check was not recorded: ${fault}`] };
  }
}
