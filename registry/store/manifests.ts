/** The registered operations of the versions of clients, and which of these versions are still in use. */
import { and, eq, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { documentIdOf } from '../../gateway/persisted/safelist.ts';
import type { Database } from '../../subgraphs/shared/database.ts';
import { manifestTable, usageTable } from './tables.ts';

const entrySchema = z
  .object({
    // Apollo's own tool writes the bare hash.
    id: z.string().transform((id) => (/^[0-9a-f]{64}$/.test(id) ? `sha256:${id}` : id)),
    body: z.string().max(65_536),
    name: z.string().min(1).max(200),
    type: z.enum(['query', 'mutation', 'subscription']),
    clientName: z.string().nullish(),
    maxAgeSeconds: z.int().positive().optional(),
  })
  .refine(({ id, body }) => id === documentIdOf(body), 'the id must be sha256: and the SHA-256 of the body');

export const manifestSchema = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(entrySchema).max(10_000),
});

export type RegisteredEntry = z.output<typeof entrySchema>;

export interface Manifest {
  readonly client: string;
  readonly version: string;
  readonly appId: string | undefined;
  readonly entries: readonly RegisteredEntry[];
  readonly createdAt: Date;
}

/** Those that are not retired; of a version published twice both, so that no released client loses an operation. */
export async function readManifests(database: Database, environment: string): Promise<Manifest[]> {
  const rows = await database
    .select()
    .from(manifestTable)
    .where(and(eq(manifestTable.environment, environment), isNull(manifestTable.retiredAt)))
    .orderBy(manifestTable.id);
  return rows.map(({ client, version, appId, entries, createdAt }) => ({
    ...{ client, version, entries, createdAt },
    appId: appId ?? undefined,
  }));
}

export interface VersionUse {
  readonly client: string;
  readonly version: string;
  /** Requests of all time. */
  readonly count: number;
  readonly lastSeenAt: Date;
}

/** Of every version that has ever been seen, by `client version`. */
export async function readVersionUses(
  database: Database,
  environment: string,
): Promise<ReadonlyMap<string, VersionUse>> {
  const rows = await database
    .select({
      client: usageTable.client,
      version: usageTable.version,
      count: sql<string>`sum(${usageTable.count})`,
      lastSeenAt: sql<string | Date>`max(${usageTable.lastSeenAt})`,
    })
    .from(usageTable)
    .where(eq(usageTable.environment, environment))
    .groupBy(usageTable.client, usageTable.version);
  return new Map(
    rows.map(({ client, version, count, lastSeenAt }) => [
      versionKey({ client, version }),
      { client, version, count: Number(count), lastSeenAt: new Date(lastSeenAt) },
    ]),
  );
}

export function versionKey({
  client,
  version,
}: {
  readonly client: string;
  readonly version: string;
}): string {
  return JSON.stringify([client, version]);
}

/** A version is in use when it was seen, or published, since then. */
export function isInUse(manifest: Manifest, use: VersionUse | undefined, since: Date): boolean {
  return manifest.createdAt >= since || (use !== undefined && use.lastSeenAt >= since);
}
