/** What a candidate goes through, from top to bottom; runs in a process of its own, which may be killed at any moment. */
import { buildSchema, GraphQLError, type GraphQLSchema, parse } from 'graphql';
import { type AccessData, parseAccessData } from '../../gateway/access/access-data.ts';
import { loadPolicy } from '../../gateway/access/load-policy.ts';
import type { Policy } from '../../gateway/access/policy.ts';
import { toPreparedPlans } from '../../gateway/prepared-operations.ts';
import { type BundleContent, toPayload } from '../bundle/write-bundle.ts';
import { CompositionError, mergeSubgraphs, type SubgraphSchema } from '../compose.ts';
import { findDanglingRules, findRequiresLeaks, findUnknownSecurity } from './access-problems.ts';
import type { LiveOperation } from './client-effects.ts';
import type { LastCandidate } from './last-candidate.ts';
import { lintSubgraph } from './lint.ts';
import { loadPublished, type PublishedSources } from './load-published.ts';
import { createMeasureClients, type MeasureClients, type MeasuredClients } from './measure-clients.ts';
import type { Measures } from './measure-operations.ts';
import { type Approval, findOwnershipProblems } from './ownership.ts';
import { type CheckReport, forcible, type Problem, type SchemaChange } from './problem.ts';
import { coordinatesOf, findSchemaChanges } from './schema-changes.ts';
import { OutOfMemoryError } from './second-thread.ts';
import { findSecurityLinkProblems } from './security-links.ts';

export interface CheckJob {
  readonly current: CurrentVersion | undefined;
  readonly candidate: readonly SubgraphSchema[];
  /** What the candidate is known to compose to, where it was in force before. */
  readonly composed?: string | undefined;
  /** The subgraph that is published; absent where one is deleted or an old version comes back. */
  readonly changed: string | undefined;
  readonly mayActFor: readonly string[];
  readonly approvals: readonly Approval[];
  /** All that are registered, with the versions in use that run them: perhaps none. */
  readonly operations: readonly LiveOperation[];
  readonly access: { readonly policy?: string | undefined; readonly file?: string | undefined };
  readonly published: PublishedSources;
  readonly maxVanishingPercent: number;
  /** `true` passes in spite of what can be forced; `all` passes whatever composes, for what was in force before. */
  readonly force: boolean | 'all';
  /** Makes the bundle's payload as well, when the check passes; who holds the key signs it. */
  readonly bundle: Omit<BundleContent, 'supergraphSdl' | 'access' | 'limits' | 'bans'> | undefined;
}

export interface CurrentVersion {
  readonly supergraphSdl: string;
  readonly subgraphs: readonly SubgraphSchema[];
  readonly measures: Measures;
}

export interface CheckOutcome {
  readonly report: CheckReport;
  /** Absent where the candidate does not compose. */
  readonly version?: { readonly supergraphSdl: string; readonly measures: Measures };
  readonly payload?: Buffer;
}

export interface CheckProgress {
  readonly step: 'compose' | 'operations' | 'bundle';
  readonly done: number;
  readonly total: number;
}

const guardFrom = 20;

/** @param last what this process has been asked before */
export async function checkCandidate(
  job: CheckJob,
  onProgress: (progress: CheckProgress) => void,
  last: LastCandidate,
): Promise<CheckOutcome> {
  const { candidate, operations, current, bundle } = job;
  const known = last.recall(candidate, job.composed);
  const clients = createMeasureClients(
    {
      ...{ operations, current, known, forBundle: bundle !== undefined },
      apiSchemaInForce: last.apiSchemaSdl(current?.supergraphSdl),
    },
    (done, total) => onProgress({ step: 'operations', done, total }),
  );
  try {
    const composed = known?.supergraphSdl ?? job.composed;
    return await checkWith(clients, { ...job, composed }, onProgress, last.keep);
  } finally {
    clients.end();
  }
}

async function checkWith(
  clients: MeasureClients,
  job: CheckJob,
  onProgress: (progress: CheckProgress) => void,
  keep: LastCandidate['keep'],
): Promise<CheckOutcome> {
  const { candidate, current, changed, access } = job;
  const published = candidate.find(({ name }) => name === changed);
  const lint = published ? lintSubgraph(published.sdl) : [];
  const own = published ? findOwnProblems(job, published) : [];
  const composed = await tryCompose(job, clients, (done) => onProgress({ step: 'compose', done, total: 2 }));
  if (Array.isArray(composed)) return { report: toReport({ problems: [...own, ...composed], lint }, job) };

  const { supergraphSdl, apiSchemaSdl, clientsAfter } = composed;
  const policy = await loadPolicy(access);
  const toldAccess = toBundleAccess(job, policy);
  const limitsAndBans = await loadPublished(job.published, toldAccess.access && policy.roles);
  const supergraph = parse(supergraphSdl, { noLocation: true });
  const isSame = current?.supergraphSdl === supergraphSdl;
  const apiSchemaInForce = isSame ? apiSchemaSdl : await clients.apiSchemaInForce();
  const after = toSchema(apiSchemaSdl);
  const before = isSame ? after : apiSchemaInForce === undefined ? undefined : toSchema(apiSchemaInForce);
  const changes = before ? findSchemaChanges(before, after) : [];
  const problems = [
    ...own,
    ...findUnknownSecurity(supergraph),
    ...findDanglingRules(policy, before, after),
    ...findRequiresLeaks(supergraph, policy.permissions),
  ];
  const { measured, measures, plans, effects } = await clientsAfter.findings();
  keep(
    { supergraphSdl, apiSchemaSdl, measured },
    current && apiSchemaInForce !== undefined ? [current.supergraphSdl, apiSchemaInForce] : undefined,
  );
  const report = toReport(
    {
      lint,
      changes,
      effects,
      problems: [
        ...problems,
        ...toClientProblems(job, changes, effects),
        ...(before ? findShrinking(before, after, job.maxVanishingPercent) : []),
      ],
    },
    job,
  );
  const version = { supergraphSdl, measures };
  if (!job.bundle || !report.passed) return { report, version };
  onProgress({ step: 'bundle', done: 0, total: 1 });
  const payload = toPayload(
    { ...job.bundle, ...toldAccess, ...limitsAndBans, supergraphSdl },
    toPreparedPlans(apiSchemaSdl, plans),
  );
  return { report, version, payload };
}

function toSchema(apiSchemaSdl: string): GraphQLSchema {
  return buildSchema(apiSchemaSdl, { assumeValid: true });
}

/** What needs no supergraph, and is told also where there is none. */
function findOwnProblems(job: CheckJob, published: SubgraphSchema): Problem[] {
  const links = findSecurityLinkProblems(published);
  try {
    const { current } = job;
    const question = current && { ...job, current: current.subgraphs, candidate: published };
    return [...links, ...(question ? findOwnershipProblems(question) : [])];
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return links;
  }
}

/** A supergraph that can be planned over: any other is of no use. */
interface Composed {
  readonly supergraphSdl: string;
  readonly apiSchemaSdl: string;
  readonly clientsAfter: MeasuredClients;
}

async function tryCompose(
  { candidate, composed }: CheckJob,
  clients: MeasureClients,
  onStep: (done: number) => void,
): Promise<Composed | Problem[]> {
  try {
    if (composed === undefined) onStep(0);
    const { supergraphSdl, requireSatisfiable } =
      composed === undefined ? mergeSubgraphs(candidate) : { supergraphSdl: composed };
    const clientsAfter = clients.begin(supergraphSdl);
    if (requireSatisfiable) onStep(1);
    requireSatisfiable?.();
    return { supergraphSdl, clientsAfter, apiSchemaSdl: await clientsAfter.apiSchemaSdl() };
  } catch (error) {
    // Composition overflows the stack where fields require each other in a circle.
    if (!(error instanceof Error) || error instanceof OutOfMemoryError) throw error;
    const problems =
      error instanceof CompositionError ? error.problems : [{ code: error.name, message: error.message }];
    return problems.map(
      ({ code, message }): Problem => ({ code: 'COMPOSITION_FAILED', message: `${code}: ${message}` }),
    );
  }
}

function toClientProblems(
  { operations, current }: CheckJob,
  changes: readonly SchemaChange[],
  effects: Pick<CheckReport['operations'], 'broken'>,
): Problem[] {
  const breaking = changes.filter(({ severity }) => severity === 'Breaking');
  if (current && operations.length === 0 && breaking.length > 0) {
    const message =
      'There are breaking changes, and no client has registered operations that would show whom they concern.';
    return [{ code: 'CLIENTS_UNKNOWN', message }];
  }
  return effects.broken.map(({ operation, reason, versions }) => ({
    code: 'CLIENT_BREAKS',
    message: `${operation} of ${versions.map(({ client, version }) => `${client} ${version}`).join(', ')}: ${reason}`,
  }));
}

function findShrinking(before: GraphQLSchema, after: GraphQLSchema, maxPercent: number): Problem[] {
  const known = [...coordinatesOf(before)];
  const kept = coordinatesOf(after);
  const lost = known.filter((coordinate) => !kept.has(coordinate)).length;
  if (known.length < guardFrom || (lost / known.length) * 100 <= maxPercent) return [];
  const message = `${lost} of ${known.length} types, fields and values would be gone; more than ${maxPercent} % need force.`;
  return [{ code: 'SHRINKS', message }];
}

interface Findings {
  readonly problems: readonly Problem[];
  readonly lint: CheckReport['lint'];
  readonly changes?: CheckReport['changes'];
  readonly effects?: CheckReport['operations'];
}

function toReport({ problems, lint, changes, effects }: Findings, { force }: CheckJob): CheckReport {
  return {
    passed: problems.every(({ code }) =>
      force === 'all' ? code !== 'COMPOSITION_FAILED' : force && forcible.includes(code),
    ),
    problems,
    changes: changes ?? [],
    lint,
    operations: effects ?? { checked: 0, broken: [], grown: [] },
  };
}

/** Nothing where the registry was told of no policy: its silence must not take permissions from gateways' own. */
function toBundleAccess({ access }: CheckJob, policy: Policy): { readonly access?: AccessData } {
  return access.policy === undefined && access.file === undefined ? {} : { access: toAccessData(policy) };
}

function toAccessData({ roles, permissions }: Policy): AccessData {
  return parseAccessData({ roles, permissions }, 'the policy');
}
