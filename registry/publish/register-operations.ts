/** Registers the operations of a version of a client, or retires them; gateways get them as a new version. */
import { createSortableId } from '../../subgraphs/shared/sortable-id.ts';
import { type Measure, measureKey } from '../check/measure-operations.ts';
import { RegistryError } from '../errors.ts';
import type { Manifest, RegisteredEntry } from '../store/manifests.ts';
import { manifestTable } from '../store/tables.ts';
import { transact } from '../store/transact.ts';
import { writeAudit } from '../store/write-audit.ts';
import { type Change, commitChange } from './commit-change.ts';
import { checkChange, type Head, readHead } from './prepare-change.ts';
import type { Changer, ChangeServices } from './services.ts';

export interface Registration {
  readonly environment: string;
  readonly client: string;
  readonly version: string;
  readonly appId?: string | undefined;
  readonly entries: readonly RegisteredEntry[];
}

export interface RegistrationResult {
  /** 0 before anything is published: the operations wait. */
  readonly sequence: number;
  readonly changed: boolean;
  readonly operations: readonly {
    readonly name: string;
    readonly id: string;
    readonly measure: Measure | undefined;
  }[];
}

/** An operation that does not fit the schema in force is registered all the same, and named in the result. */
export async function registerOperations(
  services: ChangeServices,
  registration: Registration,
  changer: Changer,
): Promise<RegistrationResult> {
  const { environment, client, version, appId, entries } = registration;
  const foreign = entries.find(({ clientName }) => clientName && clientName !== client);
  if (foreign)
    throw new RegistryError(
      'BAD_REQUEST',
      `${foreign.name} is an operation of ${foreign.clientName}, not of ${client}.`,
    );
  return retry(async () => {
    const head = await readHead(services, environment);
    const known = head.manifests.find((one) => isSame(one, registration));
    const createdAt = new Date(services.now());
    const manifest: Manifest = { client, version, appId, entries, createdAt };
    const row = {
      ...{ id: createSortableId('m', services.now()), environment, client, version, entries, createdAt },
      appId: appId ?? null,
      origin: changer.origin,
    };
    const list = (measures: Readonly<Record<string, Measure>> = {}) =>
      entries.map((entry) => ({ name: entry.name, id: entry.id, measure: measures[measureKey(entry)] }));
    if (known) return { sequence: head.sequence, changed: false, operations: list(head.version?.measures) };
    if (!head.version) {
      await writeWithoutSchema(services, row, changer);
      return { sequence: 0, changed: true, operations: list() };
    }
    const manifests = [...head.manifests, manifest];
    const details = { client, version, appId, operations: entries.length };
    const { sequence, measures } = await change(
      services,
      { environment, head, manifests, details },
      changer,
      {
        manifest: row,
      },
    );
    return { sequence, changed: true, operations: list(measures) };
  });
}

/** Without a version all of the client's. @throws NOT_FOUND */
export async function retireOperations(
  services: ChangeServices,
  {
    environment,
    client,
    version,
  }: Pick<Registration, 'environment' | 'client'> & { version?: string | undefined },
  changer: Changer,
): Promise<{ readonly sequence: number; readonly manifests: number }> {
  return retry(async () => {
    const head = await readHead(services, environment);
    const isRetired = (one: Manifest): boolean =>
      one.client === client && (version === undefined || one.version === version);
    const retired = head.manifests.filter(isRetired);
    if (retired.length === 0)
      throw new RegistryError(
        'NOT_FOUND',
        `${client} ${version ?? ''} has no registered operations in ${environment}.`,
      );
    if (!head.version)
      throw new RegistryError('NOT_FOUND', `Nothing is published in ${environment}, so nothing is served.`);
    const manifests = head.manifests.filter((one) => !isRetired(one));
    const details = { client, version, retired: retired.length };
    const { sequence } = await change(services, { environment, head, manifests, details }, changer, {
      retire: { client, version },
    });
    return { sequence, manifests: retired.length };
  });
}

interface OperationsChange {
  readonly environment: string;
  readonly head: Head;
  readonly manifests: readonly Manifest[];
  readonly details: Readonly<Record<string, unknown>> & { readonly client: string };
}

async function change(
  services: ChangeServices,
  { environment, head, manifests, details }: OperationsChange,
  changer: Changer,
  rows: Pick<Change, 'manifest' | 'retire'>,
) {
  const sequence = head.sequence + 1;
  const { report, version, payload } = await checkChange(
    services,
    environment,
    head,
    {
      ...{ subgraphs: head.subgraphs, composed: head.version?.supergraphSdl, manifests },
      ...{ force: 'all', forSequence: sequence },
    },
    changer,
  );
  if (!version || !payload)
    throw new RegistryError('CHECK_FAILED', 'The schema in force does not compose any more.', { report });
  await commitChange(
    services,
    {
      ...{ environment, sequence, reason: 'operations', subject: details.client },
      composedFrom: head.version?.composedFrom ?? [],
      outcome: { report, version, payload },
      details,
      ...rows,
    },
    changer,
  );
  return { sequence, measures: version.measures };
}

async function writeWithoutSchema(
  { database, now }: ChangeServices,
  row: typeof manifestTable.$inferInsert,
  { origin }: Changer,
): Promise<void> {
  const { environment, client, version, entries } = row;
  const details = { client, version, operations: entries.length };
  await transact(database, async (transaction) => {
    await transaction.insert(manifestTable).values(row);
    await writeAudit(
      transaction,
      { environment, action: 'operations', outcome: 'done', origin, details },
      now(),
    );
  });
}

function isSame(one: Manifest, { client, version, appId, entries }: Registration): boolean {
  // The database gives the keys of an entry in an order of its own.
  const text = (list: readonly RegisteredEntry[]): string =>
    JSON.stringify(list.map(({ id, name, type, maxAgeSeconds }) => [id, name, type, maxAgeSeconds]));
  return (
    one.client === client &&
    one.version === version &&
    one.appId === appId &&
    text(one.entries) === text(entries)
  );
}

const attempts = 4;

/** Registrations of several clients do not contradict each other: who came second begins anew. */
async function retry<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const raced = error instanceof RegistryError && error.code === 'BASE_CHANGED';
      if (!raced || attempt === attempts) throw error;
    }
  }
}
