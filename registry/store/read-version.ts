/** Reads versions of the supergraph of an environment. */
import { and, desc, eq, inArray, max } from 'drizzle-orm';
import type { Database } from '../../subgraphs/shared/database.ts';
import type { Measures } from '../check/measure-operations.ts';
import type { SubgraphSchema } from '../compose.ts';
import { type ComposedSubgraph, type Origin, schemaVersionTable, supergraphVersionTable } from './tables.ts';

export interface SupergraphVersion {
  readonly sequence: number;
  readonly reason: (typeof supergraphVersionTable.$inferSelect)['reason'];
  readonly subject: string;
  readonly supergraphSdl: string;
  readonly sdlHash: string;
  readonly composedFrom: readonly ComposedSubgraph[];
  readonly measures: Measures;
  readonly origin: Origin;
  readonly createdAt: Date;
}

/** @param sequence without it the version in force @returns `undefined` where nothing is published, or no such version */
export async function readVersion(
  database: Database,
  environment: string,
  sequence?: number,
): Promise<SupergraphVersion | undefined> {
  const { bundle: _unread, ...columns } = supergraphColumns;
  const [row] = await database
    .select({ ...columns, supergraphSdl: schemaVersionTable.sdl })
    .from(supergraphVersionTable)
    .innerJoin(schemaVersionTable, eq(schemaVersionTable.hash, supergraphVersionTable.sdlHash))
    .where(
      and(
        eq(supergraphVersionTable.environment, environment),
        sequence === undefined ? undefined : eq(supergraphVersionTable.sequence, sequence),
      ),
    )
    .orderBy(desc(supergraphVersionTable.sequence))
    .limit(1);
  return row;
}

export interface VersionSummary extends Omit<SupergraphVersion, 'supergraphSdl' | 'measures'> {}

/** The newest first. */
export async function listVersions(
  database: Database,
  environment: string,
  limit: number,
): Promise<VersionSummary[]> {
  const { bundle: _bundle, measures: _measures, environment: _environment, ...columns } = supergraphColumns;
  return database
    .select(columns)
    .from(supergraphVersionTable)
    .where(eq(supergraphVersionTable.environment, environment))
    .orderBy(desc(supergraphVersionTable.sequence))
    .limit(limit);
}

/** What a version was composed of, with the text of each schema. */
export async function readSubgraphSchemas(
  database: Database,
  composedFrom: readonly ComposedSubgraph[],
): Promise<SubgraphSchema[]> {
  if (composedFrom.length === 0) return [];
  const rows = await database
    .select()
    .from(schemaVersionTable)
    .where(
      inArray(
        schemaVersionTable.hash,
        composedFrom.map(({ schemaHash }) => schemaHash),
      ),
    );
  const texts = new Map(rows.map(({ hash, sdl }) => [hash, sdl]));
  return composedFrom.map(({ subgraph, schemaHash, routingUrl }) => ({
    name: subgraph,
    routingUrl,
    sdl: texts.get(schemaHash) ?? '',
  }));
}

/** Of the versions in force, by environment; those where nothing is published are left out. */
export async function readSequences(
  database: Database,
  environments: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { environment, sequence } = supergraphVersionTable;
  const rows = await database
    .select({ environment, sequence: max(sequence) })
    .from(supergraphVersionTable)
    .where(inArray(environment, [...environments]))
    .groupBy(environment);
  return new Map(rows.map((row) => [row.environment, row.sequence ?? 0]));
}

export async function readBundle(
  database: Database,
  environment: string,
  sequence: number,
): Promise<Buffer | undefined> {
  const [row] = await database
    .select({ bundle: supergraphVersionTable.bundle })
    .from(supergraphVersionTable)
    .where(
      and(eq(supergraphVersionTable.environment, environment), eq(supergraphVersionTable.sequence, sequence)),
    );
  return row?.bundle;
}

const supergraphColumns = {
  environment: supergraphVersionTable.environment,
  sequence: supergraphVersionTable.sequence,
  reason: supergraphVersionTable.reason,
  subject: supergraphVersionTable.subject,
  composedFrom: supergraphVersionTable.composedFrom,
  sdlHash: supergraphVersionTable.sdlHash,
  measures: supergraphVersionTable.measures,
  bundle: supergraphVersionTable.bundle,
  origin: supergraphVersionTable.origin,
  createdAt: supergraphVersionTable.createdAt,
};
