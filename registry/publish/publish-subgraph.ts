/** Checks a subgraph's schema and address, and publishes them as the next version of the environment. */

import { createSortableId } from '../../subgraphs/shared/sortable-id.ts';
import type { CheckOutcome } from '../check/check-candidate.ts';
import type { CheckReport, Problem } from '../check/problem.ts';
import { checkSchemaLimits } from '../check/schema-limits.ts';
import { checkSubgraphName } from '../check/subgraph-name.ts';
import { RegistryError } from '../errors.ts';
import { readApprovals } from '../store/approvals.ts';
import type { ComposedSubgraph } from '../store/tables.ts';
import { commitChange, hashText } from './commit-change.ts';
import { checkChange, type Head, readHead } from './prepare-change.ts';
import { refuse } from './record-refusal.ts';
import type { Changer, ChangeServices } from './services.ts';

export interface SubgraphChange {
  readonly environment: string;
  readonly subgraph: string;
  readonly sdl: string;
  /** Without it the address stays as it is. */
  readonly routingUrl?: string | undefined;
  /** The version that the change is meant for. */
  readonly base?: number | undefined;
  readonly force: boolean;
}

export interface CheckResult {
  /** The version checked against; 0 where nothing is published. */
  readonly base: number;
  readonly report: CheckReport;
}

export interface PublishResult extends CheckResult {
  readonly sequence: number;
  /** False where this very schema and address are in force already. */
  readonly changed: boolean;
  readonly created: boolean;
}

/** Changes nothing. */
export async function checkSubgraph(
  services: ChangeServices,
  change: SubgraphChange,
  changer: Changer,
): Promise<CheckResult> {
  const { head, outcome } = await check(services, change, changer, false);
  const { report } = outcome;
  const told = report.passed
    ? report
    : await refuse(services, { ...change, action: 'check', report }, changer);
  return { base: head.sequence, report: told };
}

/** @throws CHECK_FAILED with the report, or BASE_CHANGED; either way nothing has changed */
export async function publishSubgraph(
  services: ChangeServices,
  change: SubgraphChange,
  changer: Changer,
): Promise<PublishResult> {
  const { environment, subgraph, sdl } = change;
  const { head, outcome, routingUrl } = await check(services, change, changer, true);
  const { report, version, payload } = outcome;
  const before = head.version?.composedFrom.find((one) => one.subgraph === subgraph);
  const schemaHash = hashText(sdl);
  if (before?.schemaHash === schemaHash && before.routingUrl === routingUrl)
    return { base: head.sequence, sequence: head.sequence, report, changed: false, created: false };
  if (!report.passed || !version || !payload) {
    const told = await refuse(services, { ...change, action: 'publish', report }, changer);
    throw new RegistryError('CHECK_FAILED', summarise(report), { report: told });
  }

  const nowMs = services.now();
  const sequence = head.sequence + 1;
  const composed: ComposedSubgraph = {
    ...{ subgraph, schemaHash, routingUrl },
    publishId: createSortableId('p', nowMs),
  };
  const others = head.version?.composedFrom.filter((one) => one.subgraph !== subgraph) ?? [];
  await commitChange(
    services,
    {
      ...{ environment, sequence, reason: 'publish', subject: subgraph },
      composedFrom: [...others, composed],
      outcome: { report, version, payload },
      publishes: [
        {
          ...{ id: composed.publishId, environment, subgraph, schemaHash, routingUrl, sdl },
          origin: changer.origin,
          createdAt: new Date(nowMs),
        },
      ],
      details: {
        schema: [before?.schemaHash ?? null, schemaHash],
        address: [before?.routingUrl ?? null, routingUrl],
        changes: report.changes.slice(0, 200),
        forced: report.problems.map(({ code, message }) => `${code}: ${message}`),
      },
    },
    changer,
  );
  return { base: head.sequence, sequence, report, changed: true, created: before === undefined };
}

async function check(
  services: ChangeServices,
  { environment, subgraph, sdl, routingUrl: given, base, force }: SubgraphChange,
  changer: Changer,
  withBundle: boolean,
): Promise<{ head: Head; outcome: CheckOutcome; routingUrl: string }> {
  const head = await readHead(services, environment, base);
  checkSubgraphName(
    subgraph,
    head.subgraphs.map(({ name }) => name),
  );
  checkSchemaLimits(sdl);
  const before = head.subgraphs.find(({ name }) => name === subgraph);
  const routingUrl = given ?? before?.routingUrl;
  if (routingUrl === undefined)
    throw new RegistryError('BAD_REQUEST', `${subgraph} is new: say where it answers by a routing URL.`);
  const candidate = { name: subgraph, routingUrl, sdl };
  const outcome = await checkChange(
    services,
    environment,
    head,
    {
      subgraphs: before
        ? head.subgraphs.map((one) => (one.name === subgraph ? candidate : one))
        : [...head.subgraphs, candidate],
      manifests: head.manifests,
      ...{ changed: subgraph, force },
      forSequence: withBundle ? head.sequence + 1 : undefined,
    },
    changer,
  );
  const moved = before && before.routingUrl !== routingUrl;
  const problems = moved ? await findAddressProblems(services, environment, candidate, changer) : [];
  return { head, routingUrl, outcome: withProblems(outcome, problems) };
}

/** Whoever moves an address sends the traffic of all clients elsewhere: another owner has to agree. */
async function findAddressProblems(
  { database, settings, now }: ChangeServices,
  environment: string,
  { name, routingUrl }: { readonly name: string; readonly routingUrl: string },
  { origin }: Changer,
): Promise<Problem[]> {
  if (!settings.twoPersonEnvironments.includes(environment)) return [];
  const subject = `address ${name} ${routingUrl}`;
  const approved = (await readApprovals(database, environment, new Date(now()))).some(
    (approval) =>
      approval.subject === subject &&
      approval.origin.tokenId !== origin.tokenId &&
      (approval.scope.includes('*') || approval.scope.includes(name)),
  );
  if (approved) return [];
  const message = `${name} would move to ${routingUrl}. Another of its owners has to approve.`;
  return [{ code: 'APPROVAL_NEEDED', message, approval: { subject, owners: [name], byAnother: true } }];
}

function withProblems(outcome: CheckOutcome, problems: readonly Problem[]): CheckOutcome {
  if (problems.length === 0) return outcome;
  const { report } = outcome;
  return { ...outcome, report: { ...report, passed: false, problems: [...report.problems, ...problems] } };
}

export function summarise({ problems }: CheckReport): string {
  const [first, ...others] = problems;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  return first ? `${first.message}${more}` : 'The check failed.';
}
