/** Writes bundles: the payload, for a process that plans and has no key, and the signature before it. */
import { type KeyObject, sign } from 'node:crypto';
import type { PreparedPlans } from '../../gateway/planning/prepared-plans.ts';
import type { Bundle, BundleAccess, BundleManifest } from './bundle.ts';
import { keyIdOf } from './bundle-keys.ts';
import type { PublishedBan, PublishedLimits } from './limits-and-bans.ts';
import { schemaVersionOf } from './open-bundle.ts';

export interface BundleContent {
  readonly environment: string;
  /** Greater than that of every bundle which the environment had before. */
  readonly sequence: number;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly supergraphSdl: string;
  readonly manifests: readonly BundleManifest[];
  /** Ids of registered operations that no longer run. */
  readonly retired?: readonly string[];
  readonly access?: BundleAccess;
  readonly limits?: PublishedLimits;
  readonly bans?: readonly PublishedBan[];
}

/** What is to be signed. */
export function toPayload(content: BundleContent, prepared: PreparedPlans): Buffer {
  const { supergraphSdl, manifests, retired = [], access, limits, bans } = content;
  const { plans, ...planned } = prepared;
  const bundle: Bundle = {
    format: 1,
    environment: content.environment,
    sequence: content.sequence,
    createdAt: content.createdAt,
    schemaVersion: schemaVersionOf(supergraphSdl),
    supergraphSdl,
    manifests: [...manifests],
    retired: [...retired],
    ...(access && { access }),
    ...(limits && { limits }),
    ...(bans && { bans: [...bans] }),
    prepared: { ...planned, plans: [] },
  };
  return Buffer.from([bundle, ...plans].map((line) => JSON.stringify(line)).join('\n'));
}

/** Puts the line with the signature before the payload. */
export function signPayload(payload: Buffer, signingKey: KeyObject): Buffer {
  const signature = sign(undefined, payload, signingKey).toString('base64');
  const header = JSON.stringify({ format: 1, keyId: keyIdOf(signingKey), signature });
  return Buffer.concat([Buffer.from(`${header}\n`), payload]);
}
