/** Opens a bundle: nothing of it is read before its signature is found to be that of a known key. */
import { hash, type KeyObject, verify } from 'node:crypto';
import { promisify } from 'node:util';
import { z } from 'zod';
import { createQuickPace, type Pace } from '../../gateway/pace.ts';
import {
  type Bundle,
  bundleHeaderSchema,
  bundleManifestSchema,
  bundleOperationSchema,
  bundleSchema,
  preparedPlanSchema,
} from './bundle.ts';
import type { BundleKeys } from './bundle-keys.ts';
import { readJson } from './read-json.ts';

const manifestsOnly = z.object({ manifests: z.array(z.looseObject({ operations: z.array(z.unknown()) })) });

/** Why bytes are no bundle that may be served. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
  readonly code: 'BUNDLE_UNREADABLE' | 'BUNDLE_UNKNOWN_KEY' | 'BUNDLE_BAD_SIGNATURE';

  constructor(code: BundleError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** Of the line with the signature. */
const maxHeaderBytes = 1_024;
/** Off this thread: bundles are megabytes. */
const verifyAside = promisify<undefined, Buffer, KeyObject, Buffer, boolean>(verify);

/** @param pace at which it is read, once its signature is found good @throws BundleError */
export async function openBundle(
  bytes: Buffer,
  publicKeys: BundleKeys,
  pace = createQuickPace(),
): Promise<Bundle> {
  const lineEnd = bytes.subarray(0, maxHeaderBytes).indexOf('\n');
  if (lineEnd < 0) throw new BundleError('BUNDLE_UNREADABLE', 'It does not begin as bundles do.');
  const header = bundleHeaderSchema.safeParse(readSmall(bytes.subarray(0, lineEnd)));
  if (!header.success) throw new BundleError('BUNDLE_UNREADABLE', 'It does not begin as bundles do.');
  const { keyId, signature } = header.data;
  const key = publicKeys.get(keyId);
  if (!key)
    throw new BundleError('BUNDLE_UNKNOWN_KEY', `It is signed by ${keyId}, which is not trusted here.`);
  const payload = bytes.subarray(lineEnd + 1);
  if (!(await verifyAside(undefined, payload, key, Buffer.from(signature, 'base64'))))
    throw new BundleError('BUNDLE_BAD_SIGNATURE', `It is not what ${keyId} signed.`);
  return atPace(pace, readPayload(payload));
}

/** Yields often. @throws BundleError */
function* readPayload(payload: Buffer): Generator<undefined, Bundle> {
  const lines = linesOf(payload);
  const bundle = yield* readFirstLine(lines.next().value ?? payload);
  yield;
  if (bundle.schemaVersion !== schemaVersionOf(bundle.supergraphSdl))
    throw new BundleError('BUNDLE_UNREADABLE', 'Its version is not that of its supergraph.');
  for (const line of lines) {
    yield;
    bundle.prepared.plans.push(toPart(preparedPlanSchema, readSmall(line)));
  }
  return bundle;
}

/** Operations may be tens of thousands: each is looked at by itself. */
function* readFirstLine(line: Buffer): Generator<undefined, Bundle> {
  const content = yield* readLarge(line);
  const given = toPart(manifestsOnly, content).manifests;
  const bundle = toPart(bundleSchema, { ...(content as object), manifests: [] });
  for (const { operations, ...about } of given) {
    const manifest = toPart(bundleManifestSchema, { ...about, operations: [] });
    for (const operation of operations) {
      yield;
      manifest.operations.push(toPart(bundleOperationSchema, operation));
    }
    bundle.manifests.push(manifest);
  }
  return bundle;
}

async function atPace<Result>(pace: Pace, steps: Generator<undefined, Result>): Promise<Result> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await pace();
  }
}

function* linesOf(bytes: Buffer): Generator<Buffer, undefined> {
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf('\n', from);
    const to = end < 0 ? bytes.length : end;
    yield bytes.subarray(from, to);
    from = to + 1;
  }
}

/** @throws BundleError */
function toPart<Schema extends z.ZodType>(schema: Schema, content: unknown): z.output<Schema> {
  const part = schema.safeParse(content);
  if (part.success) return part.data;
  throw new BundleError('BUNDLE_UNREADABLE', `It is signed, and yet wrong: ${z.prettifyError(part.error)}`);
}

/** The first 12 hexadecimal digits of the supergraph's SHA-256. */
export function schemaVersionOf(supergraphSdl: string): string {
  return hash('sha256', supergraphSdl).slice(0, 12);
}

/** What is no JSON is no part of a bundle either. */
function* readLarge(bytes: Buffer): Generator<undefined, unknown> {
  try {
    return yield* readJson(bytes);
  } catch {
    return undefined;
  }
}

function readSmall(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
