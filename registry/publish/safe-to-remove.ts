/** Answers with numbers whether a type or field can go: which versions of which clients still ask for it, and how often. */
import { RegistryError } from '../errors.ts';
import { readDocumentUses } from '../store/usage.ts';
import { readHead, sinceOf } from './prepare-change.ts';
import type { ChangeServices } from './services.ts';

export interface CoordinateUsers {
  readonly coordinate: string;
  readonly safe: boolean;
  /** How many days of usage were looked at. */
  readonly days: number;
  readonly requests: number;
  readonly users: readonly {
    readonly client: string;
    readonly version: string;
    readonly operation: string;
    readonly requests: number;
    /** Absent for a version that is published and not yet seen. */
    readonly lastSeenAt: Date | null;
  }[];
}

/** @throws NOT_FOUND where the schema in force has no such thing */
export async function findUsersOf(
  services: ChangeServices,
  environment: string,
  coordinate: string,
): Promise<CoordinateUsers> {
  const { version, manifests } = await readHead(services, environment);
  const registered = manifests.flatMap(({ client, version: clientVersion, entries, createdAt }) =>
    entries.map((entry) => ({ client, version: clientVersion, createdAt, ...entry })),
  );
  const bodies = registered.map(({ body }) => body);
  const asking =
    version &&
    (await services.checks.run('asking', { supergraphSdl: version.supergraphSdl, coordinate, bodies }));
  if (!asking) throw new RegistryError('NOT_FOUND', `${environment} has no ${coordinate}.`);

  const since = sinceOf(services);
  const uses = new Map(
    (await readDocumentUses(services.database, environment, since)).map((use) => [
      JSON.stringify([use.client, use.version, use.documentId]),
      use,
    ]),
  );
  const users = asking.flatMap((at) => {
    const operation = registered[at];
    if (!operation) return [];
    const { client, version: clientVersion, id, name, createdAt } = operation;
    const use = uses.get(JSON.stringify([client, clientVersion, id]));
    if (!use && createdAt < since) return [];
    const numbers = { requests: use?.count ?? 0, lastSeenAt: use?.lastSeenAt ?? null };
    return [{ client, version: clientVersion, operation: name, ...numbers }];
  });
  return {
    coordinate,
    safe: manifests.length > 0 && users.length === 0,
    days: services.settings.usageDays,
    requests: users.reduce((sum, { requests }) => sum + requests, 0),
    users,
  };
}
