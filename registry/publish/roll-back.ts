/** Brings an earlier version back, as a new one: gateways never go to a lower number. */
import { RegistryError } from '../errors.ts';
import {
  listVersions,
  readSubgraphSchemas,
  readVersion,
  type SupergraphVersion,
} from '../store/read-version.ts';
import type { ComposedSubgraph } from '../store/tables.ts';
import { commitChange } from './commit-change.ts';
import { checkChange, type Head, readHead } from './prepare-change.ts';
import type { CheckResult } from './publish-subgraph.ts';
import type { Changer, ChangeServices } from './services.ts';

export interface Rollback {
  readonly environment: string;
  /** The version to bring back; without it the last whose schema is another than that in force. */
  readonly to?: number | undefined;
  readonly base?: number | undefined;
}

const maxLookedBack = 500;

/**
 * What it would do to clients is told, and refuses nothing: it is the way out of a worse state.
 *
 * @throws NOT_FOUND, BASE_CHANGED, TOKEN_REFUSED where it would change what the token is not for
 */
export async function rollBack(
  services: ChangeServices,
  { environment, to, base }: Rollback,
  changer: Changer,
): Promise<CheckResult & { readonly sequence: number; readonly to: number }> {
  const head = await readHead(services, environment, base);
  const target = await findTarget(services, environment, head, to);
  if (!head.version || !target)
    throw new RegistryError(
      'NOT_FOUND',
      to === undefined ? `${environment} has no earlier schema.` : `${environment} has no version ${to}.`,
    );
  refuseForeign(head.version.composedFrom, target.composedFrom, changer);
  const sequence = head.sequence + 1;
  const subgraphs = await readSubgraphSchemas(services.database, target.composedFrom);
  const outcome = await checkChange(
    services,
    environment,
    head,
    {
      ...{ subgraphs, composed: target.supergraphSdl, manifests: head.manifests },
      ...{ force: 'all', forSequence: sequence },
    },
    changer,
  );
  const { report, version, payload } = outcome;
  if (!version || !payload)
    throw new RegistryError('CHECK_FAILED', 'This version does not compose any more.', { report });
  await commitChange(
    services,
    {
      ...{ environment, sequence, reason: 'rollback', subject: String(target.sequence) },
      composedFrom: target.composedFrom,
      outcome: { report, version, payload },
      details: { from: head.sequence, to: target.sequence, changes: report.changes.slice(0, 200) },
    },
    changer,
  );
  return { base: head.sequence, report, sequence, to: target.sequence };
}

async function findTarget(
  { database }: ChangeServices,
  environment: string,
  { version }: Head,
  to: number | undefined,
): Promise<SupergraphVersion | undefined> {
  if (to !== undefined) return readVersion(database, environment, to);
  const versions = await listVersions(database, environment, maxLookedBack);
  const other = versions.find(({ sdlHash }) => sdlHash !== version?.sdlHash);
  return other && readVersion(database, environment, other.sequence);
}

function refuseForeign(
  now: readonly ComposedSubgraph[],
  then: readonly ComposedSubgraph[],
  { scope }: Changer,
): void {
  const ids = (list: readonly ComposedSubgraph[]): ReadonlyMap<string, string> =>
    new Map(list.map(({ subgraph, schemaHash, routingUrl }) => [subgraph, `${schemaHash} ${routingUrl}`]));
  const [before, after] = [ids(now), ids(then)];
  const foreign = [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => before.get(name) !== after.get(name) && !scope.includes('*') && !scope.includes(name),
  );
  if (foreign.length === 0) return;
  throw new RegistryError(
    'TOKEN_REFUSED',
    `This would also take back ${foreign.join(', ')}, which the token is not for. Ask an administrator.`,
  );
}
