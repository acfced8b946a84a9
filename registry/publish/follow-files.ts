/** Publishes schema files that have changed since this program published them: several in one change, for a laptop. */
import { and, desc, eq, sql } from 'drizzle-orm';
import { createSortableId } from '../../subgraphs/shared/sortable-id.ts';
import type { SubgraphSchema } from '../compose.ts';
import { RegistryError } from '../errors.ts';
import type { Manifest, RegisteredEntry } from '../store/manifests.ts';
import { type ComposedSubgraph, type Origin, subgraphPublishTable } from '../store/tables.ts';
import { commitChange, hashText, type PublishRow } from './commit-change.ts';
import { checkChange, type Head, readHead } from './prepare-change.ts';
import type { ChangeServices } from './services.ts';

export interface FollowedFiles {
  readonly environment: string;
  readonly subgraphs: readonly SubgraphSchema[];
  /** Registered with the first publish. */
  readonly client: {
    readonly client: string;
    readonly version: string;
    readonly entries: readonly RegisteredEntry[];
  };
  readonly origin: Origin;
}

/**
 * What somebody else has published stays, until the file itself changes; an address always follows.
 *
 * @throws CHECK_FAILED when the files do not compose
 */
export async function followFiles(services: ChangeServices, files: FollowedFiles): Promise<void> {
  const { environment, origin, client } = files;
  const head = await readHead(services, environment);
  const wanted = await Promise.all(
    files.subgraphs.map(async (file) => {
      const inForce = head.subgraphs.find(({ name }) => name === file.name);
      const last = await lastPublished(services, environment, file.name, origin.actor);
      const isNewer = !inForce || last !== hashText(file.sdl);
      return { ...file, sdl: isNewer ? file.sdl : inForce.sdl };
    }),
  );
  const changed = wanted.filter((one) => !isInForce(head, one));
  if (changed.length === 0) return;

  const createdAt = new Date(services.now());
  const publishes = changed.map(
    ({ name, routingUrl, sdl }): PublishRow => ({
      ...{ id: createSortableId('p', services.now()), environment, subgraph: name, routingUrl, sdl },
      ...{ schemaHash: hashText(sdl), origin, createdAt },
    }),
  );
  const others = head.version?.composedFrom.filter(
    ({ subgraph }) => !publishes.some((publish) => publish.subgraph === subgraph),
  );
  const composed = publishes.map(
    ({ id, subgraph, schemaHash, routingUrl }): ComposedSubgraph => ({
      ...{ subgraph, schemaHash, routingUrl },
      publishId: id,
    }),
  );
  const kept = head.subgraphs.filter(({ name }) => !publishes.some(({ subgraph }) => subgraph === name));
  const manifest: Manifest = { ...client, appId: undefined, createdAt };
  const isFirst = head.manifests.length === 0;
  const sequence = head.sequence + 1;
  const { report, version, payload } = await checkChange(
    services,
    environment,
    head,
    {
      subgraphs: [...kept, ...changed],
      manifests: isFirst ? [manifest] : head.manifests,
      ...{ force: 'all', forSequence: sequence },
    },
    { origin, scope: ['*'] },
  );
  if (!version || !payload)
    throw new RegistryError('CHECK_FAILED', report.problems.map(({ message }) => message).join('\n'), {
      report,
    });
  await commitChange(
    services,
    {
      ...{ environment, sequence, reason: 'publish', publishes },
      subject: publishes.map(({ subgraph }) => subgraph).join(' '),
      composedFrom: [...(others ?? []), ...composed],
      outcome: { report, version, payload },
      ...(isFirst && {
        manifest: { ...client, id: createSortableId('m', services.now()), environment, origin, createdAt },
      }),
      details: { changes: report.changes.slice(0, 200) },
    },
    { origin, scope: ['*'] },
  );
}

function isInForce({ version }: Head, { name, routingUrl, sdl }: SubgraphSchema): boolean {
  return (
    version?.composedFrom.some(
      (one) => one.subgraph === name && one.routingUrl === routingUrl && one.schemaHash === hashText(sdl),
    ) ?? false
  );
}

/** The hash of the schema that this program published last. */
async function lastPublished(
  { database }: ChangeServices,
  environment: string,
  subgraph: string,
  actor: string,
): Promise<string | undefined> {
  const [row] = await database
    .select({ hash: subgraphPublishTable.schemaHash })
    .from(subgraphPublishTable)
    .where(
      and(
        eq(subgraphPublishTable.environment, environment),
        eq(subgraphPublishTable.subgraph, subgraph),
        sql`${subgraphPublishTable.origin} ->> 'actor' = ${actor}`,
      ),
    )
    .orderBy(desc(subgraphPublishTable.id))
    .limit(1);
  return row?.hash;
}
