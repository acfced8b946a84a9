/** Writes the next version of an environment: all of it, or nothing, and only on the version that it was checked against. */
import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { signPayload } from '../bundle/write-bundle.ts';
import type { CheckOutcome } from '../check/check-candidate.ts';
import { RegistryError } from '../errors.ts';
import { queueNotices } from '../notices/queue-notices.ts';
import {
  type ComposedSubgraph,
  manifestTable,
  schemaVersionTable,
  subgraphPublishTable,
  supergraphVersionTable,
  type versionReasons,
} from '../store/tables.ts';
import { transact } from '../store/transact.ts';
import { notifyOfVersion } from '../store/version-watch.ts';
import { writeAudit } from '../store/write-audit.ts';
import type { Changer, ChangeServices } from './services.ts';

export type PublishRow = typeof subgraphPublishTable.$inferInsert & { readonly sdl: string };

export interface Change {
  readonly environment: string;
  /** Of the new version: one more than what was in force when it was checked. */
  readonly sequence: number;
  readonly reason: (typeof versionReasons)[number];
  readonly subject: string;
  readonly composedFrom: readonly ComposedSubgraph[];
  readonly outcome: Required<CheckOutcome>;
  /** Rows that go with it. */
  readonly publishes?: readonly PublishRow[];
  readonly manifest?: typeof manifestTable.$inferInsert;
  readonly retire?: { readonly client: string; readonly version: string | undefined };
  readonly details: Readonly<Record<string, unknown>>;
}

/** @throws BASE_CHANGED when another change of the environment was written meanwhile, OUTCOME_UNKNOWN */
export async function commitChange(
  services: ChangeServices,
  change: Change,
  { origin }: Changer,
): Promise<void> {
  const { database, settings, signingKey, now, onCommitted } = services;
  const { environment, sequence, reason, subject, composedFrom, outcome, manifest, retire } = change;
  const { publishes = [] } = change;
  const { supergraphSdl, measures } = outcome.version;
  const createdAt = new Date(now());
  const sdlHash = hashText(supergraphSdl);
  await transact(database, async (transaction) => {
    const texts = publishes.map(({ schemaHash, sdl }) => ({ hash: schemaHash, sdl }));
    await transaction
      .insert(schemaVersionTable)
      .values([...texts, { hash: sdlHash, sdl: supergraphSdl }])
      .onConflictDoNothing();
    if (publishes.length > 0) await transaction.insert(subgraphPublishTable).values([...publishes]);
    if (manifest) await transaction.insert(manifestTable).values(manifest);
    if (retire)
      await transaction
        .update(manifestTable)
        .set({ retiredAt: createdAt })
        .where(
          sql`${manifestTable.environment} = ${environment} and ${manifestTable.client} = ${retire.client}
              and (${retire.version ?? null}::text is null or ${manifestTable.version} = ${retire.version ?? null})
              and ${manifestTable.retiredAt} is null`,
        );
    // The primary key is the lock: of two that were checked against the same version one finds its number taken.
    await transaction.insert(supergraphVersionTable).values({
      ...{ environment, sequence, reason, subject, composedFrom, sdlHash, measures, origin, createdAt },
      bundle: signPayload(outcome.payload, signingKey),
    });
    const details = { ...change.details, sequence, subject };
    await writeAudit(transaction, { environment, action: reason, outcome: 'done', origin, details }, now());
    await queueNotices(transaction, settings.notices, { event: reason, environment, origin, details }, now());
    await notifyOfVersion(transaction, environment);
  }).catch((error: unknown) => {
    if (isTaken(error))
      throw new RegistryError('BASE_CHANGED', `Somebody else changed ${environment} meanwhile.`);
    throw error;
  });
  onCommitted(environment);
}

export function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Postgres's unique_violation, which drizzle wraps. */
function isTaken(error: unknown): boolean {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return code === '23505' || (cause instanceof Error && isTaken(cause));
}
