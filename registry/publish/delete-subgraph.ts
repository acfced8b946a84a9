/** Takes a subgraph out of an environment, if what is left composes and no client needs it. */
import { RegistryError } from '../errors.ts';
import { commitChange } from './commit-change.ts';
import { checkChange, readHead } from './prepare-change.ts';
import { type CheckResult, summarise } from './publish-subgraph.ts';
import { refuse } from './record-refusal.ts';
import type { Changer, ChangeServices } from './services.ts';

export interface Deletion {
  readonly environment: string;
  readonly subgraph: string;
  readonly base?: number | undefined;
  readonly force: boolean;
  /** Only says what would become of it. */
  readonly dryRun: boolean;
}

/** @throws NOT_FOUND, CHECK_FAILED with the report, BASE_CHANGED */
export async function deleteSubgraph(
  services: ChangeServices,
  { environment, subgraph, base, force, dryRun }: Deletion,
  changer: Changer,
): Promise<CheckResult & { readonly sequence: number }> {
  const head = await readHead(services, environment, base);
  const { version, sequence: before } = head;
  if (!version?.composedFrom.some((one) => one.subgraph === subgraph))
    throw new RegistryError('NOT_FOUND', `There is no subgraph ${subgraph} in ${environment}.`);
  const sequence = before + 1;
  const candidate = {
    subgraphs: head.subgraphs.filter(({ name }) => name !== subgraph),
    manifests: head.manifests,
    force,
    forSequence: dryRun ? undefined : sequence,
  };
  if (candidate.subgraphs.length === 0)
    throw new RegistryError(
      'BAD_REQUEST',
      `${subgraph} is the only subgraph of ${environment}; gateways need one.`,
    );
  const outcome = await checkChange(services, environment, head, candidate, changer);
  const { report } = outcome;
  if (dryRun) return { base: before, report, sequence: before };
  if (!report.passed || !outcome.version || !outcome.payload) {
    const told = await refuse(services, { environment, subgraph, action: 'delete', report }, changer);
    throw new RegistryError('CHECK_FAILED', summarise(report), { report: told });
  }
  await commitChange(
    services,
    {
      ...{ environment, sequence, reason: 'delete', subject: subgraph },
      composedFrom: version.composedFrom.filter((one) => one.subgraph !== subgraph),
      outcome: { report, version: outcome.version, payload: outcome.payload },
      details: {
        changes: report.changes.slice(0, 200),
        forced: report.problems.map(({ code, message }) => `${code}: ${message}`),
      },
    },
    changer,
  );
  return { base: before, report, sequence };
}
