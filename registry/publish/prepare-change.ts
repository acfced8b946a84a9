/** Reads what an environment is now, and has a candidate for its next version checked against it. */

import type { CheckOutcome } from '../check/check-candidate.ts';
import type { LiveOperation } from '../check/client-effects.ts';
import type { SubgraphSchema } from '../compose.ts';
import { RegistryError } from '../errors.ts';
import { readApprovals } from '../store/approvals.ts';
import {
  isInUse,
  type Manifest,
  readManifests,
  readVersionUses,
  type VersionUse,
  versionKey,
} from '../store/manifests.ts';
import { readSubgraphSchemas, readVersion, type SupergraphVersion } from '../store/read-version.ts';
import type { Changer, ChangeServices } from './services.ts';

/** What is in force when a change begins. */
export interface Head {
  /** 0 before anything is published. */
  readonly sequence: number;
  readonly version: SupergraphVersion | undefined;
  readonly subgraphs: readonly SubgraphSchema[];
  readonly manifests: readonly Manifest[];
  readonly uses: ReadonlyMap<string, VersionUse>;
}

/** @param base the version that whoever asks has seen @throws BASE_CHANGED when another is in force */
export async function readHead(
  { database }: ChangeServices,
  environment: string,
  base?: number,
): Promise<Head> {
  const version = await readVersion(database, environment);
  const sequence = version?.sequence ?? 0;
  if (base !== undefined && base !== sequence)
    throw new RegistryError('BASE_CHANGED', `${environment} is at version ${sequence}, not ${base}.`, {
      sequence,
    });
  return {
    sequence,
    version,
    subgraphs: await readSubgraphSchemas(database, version?.composedFrom ?? []),
    manifests: await readManifests(database, environment),
    uses: await readVersionUses(database, environment),
  };
}

export interface Candidate {
  readonly subgraphs: readonly SubgraphSchema[];
  readonly manifests: readonly Manifest[];
  /** What the subgraphs are known to compose to, where they were in force before. */
  readonly composed?: string | undefined;
  readonly changed?: string | undefined;
  readonly force: boolean | 'all';
  /** Makes the bundle's payload of this number as well. */
  readonly forSequence?: number | undefined;
}

export async function checkChange(
  services: ChangeServices,
  environment: string,
  head: Head,
  candidate: Candidate,
  { scope, onProgress }: Changer,
): Promise<CheckOutcome> {
  const { database, settings, checks, now } = services;
  const { version } = head;
  const { subgraphs, manifests, composed, changed, force, forSequence } = candidate;
  return checks.run(
    'check',
    {
      current: version && {
        supergraphSdl: version.supergraphSdl,
        measures: version.measures,
        subgraphs: head.subgraphs,
      },
      candidate: subgraphs,
      ...{ composed, changed },
      mayActFor: scope,
      approvals: (await readApprovals(database, environment, new Date(now()))).map(({ subject, scope }) => ({
        subject,
        scope,
      })),
      operations: toLiveOperations(manifests, head.uses, sinceOf(services)),
      access: settings.access,
      published: { limits: settings.limits.file, bans: settings.bans.file },
      maxVanishingPercent: settings.maxVanishingPercent,
      force,
      bundle:
        forSequence === undefined
          ? undefined
          : {
              ...{ environment, sequence: forSequence, createdAt: new Date(now()).toISOString() },
              manifests: manifests.map(({ client, version, appId, entries }) => ({
                ...{ client, version, appId },
                operations: entries.map(({ id, body, name, type, maxAgeSeconds }) => ({
                  ...{ id, body, name, type, maxAgeSeconds },
                })),
              })),
            },
    },
    onProgress,
  );
}

/** A version that has not been seen, nor published, since then is no longer in use. */
export function sinceOf({ settings, now }: Pick<ChangeServices, 'settings' | 'now'>): Date {
  return new Date(now() - settings.usageDays * 24 * 60 * 60 * 1_000);
}

function toLiveOperations(
  manifests: readonly Manifest[],
  uses: ReadonlyMap<string, VersionUse>,
  since: Date,
): LiveOperation[] {
  const operations = new Map<string, LiveOperation>();
  for (const manifest of manifests) {
    const inUse = isInUse(manifest, uses.get(versionKey(manifest)), since);
    const { client, version } = manifest;
    for (const { id, name, body } of manifest.entries) {
      const key = `${id} ${name}`;
      const versions = operations.get(key)?.versions ?? [];
      const known = versions.some((one) => one.client === client && one.version === version);
      operations.set(key, {
        ...{ id, name, body },
        versions: inUse && !known ? [...versions, { client, version }] : versions,
      });
    }
  }
  return [...operations.values()];
}
