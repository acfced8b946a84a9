/** Decides whether bytes are a bundle that may take the place of the one in force. */
import { webcrypto } from 'node:crypto';
import type { Bundle } from '../../registry/bundle/bundle.ts';
import type { BundleKeys } from '../../registry/bundle/bundle-keys.ts';
import { openBundle } from '../../registry/bundle/open-bundle.ts';
import { createPace, createQuickPace } from '../pace.ts';

/** A bundle that is well signed, but not for here or not for now. */
export class MisplacedBundleError extends Error {
  override readonly name = 'MisplacedBundleError';
  readonly code: 'BUNDLE_OTHER_ENVIRONMENT' | 'BUNDLE_OLDER';

  constructor(code: MisplacedBundleError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

export interface BundleInForce {
  readonly sequence: number;
  /** SHA-256 of all its bytes. */
  readonly digest: string;
}

export interface Expected {
  readonly publicKeys: BundleKeys;
  readonly environment: string;
  readonly inForce: BundleInForce | undefined;
}

/**
 * Going back to an older schema is a new bundle too.
 *
 * @returns a newer bundle; `undefined` for the one in force
 * @throws BundleError, MisplacedBundleError
 */
export async function acceptBundle(
  bytes: Buffer,
  { publicKeys, environment, inForce }: Expected,
): Promise<{ readonly bundle: Bundle; readonly digest: string } | undefined> {
  const digest = await sha256(bytes);
  if (digest === inForce?.digest) return undefined;
  const bundle = await openBundle(bytes, publicKeys, inForce ? createPace() : createQuickPace());
  if (bundle.environment !== environment)
    throw new MisplacedBundleError(
      'BUNDLE_OTHER_ENVIRONMENT',
      `The bundle is of the environment ${bundle.environment}, and ${environment} is served here.`,
    );
  if (inForce && bundle.sequence <= inForce.sequence)
    throw new MisplacedBundleError(
      'BUNDLE_OLDER',
      `The bundle is number ${bundle.sequence}, and number ${inForce.sequence} is in force.`,
    );
  return { bundle, digest };
}

/** Off this thread: bundles are megabytes. In hexadecimal. */
async function sha256(bytes: Buffer): Promise<string> {
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes)).toString('hex');
}
