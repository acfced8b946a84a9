/** Builds a bundle: plans the registered operations, and signs the whole. */
import type { KeyObject } from 'node:crypto';
import { planAhead } from '../../gateway/plan-ahead.ts';
import { type BundleContent, signPayload, toPayload } from './write-bundle.ts';

/**
 * The same bytes in the database, on the wire and on disk. An operation that the supergraph does not answer is left
 * without a plan; gateways say so in their log and refuse it.
 *
 * @param signingKey Ed25519, private
 * @throws Error with the planner's reason when the supergraph cannot be planned over
 */
export function buildBundle(content: BundleContent, signingKey: KeyObject): Buffer {
  const { supergraphSdl, manifests, retired = [] } = content;
  const running = manifests.flatMap(({ operations }) => operations).filter(({ id }) => !retired.includes(id));
  return signPayload(toPayload(content, planAhead(supergraphSdl, running)), signingKey);
}
