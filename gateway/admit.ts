/** Awaits what stores have to say of a request: all of them are asked at once, and none waits for another. */
import type { CheckedSignature } from './admission/signature.ts';
import type { Charge } from './demand/charge-cost.ts';
import { RequestError } from './errors.ts';
import { checkApp, type ResolvedDocument } from './persisted/resolve-document.ts';
import type { Principal } from './principal.ts';
import type { RequestContext } from './request-context.ts';

/** Whether somebody's operations are taken only when they are signed, whatever their client calls itself. */
export type MustSign = (principal: Principal) => boolean;

/**
 * What has to be asked of a store, all at once: whether the nonce is new, whether the session lasts, whether the rate is
 * kept. Nothing is parsed, planned or answered before they are there. Of several that refuse, the first of these tells.
 *
 * @returns who asks, as the store says now
 */
export function admit(
  signature: CheckedSignature | undefined,
  confirmed: Promise<Principal>,
  paid: Promise<void>,
  document: ResolvedDocument,
  mustSign: MustSign = () => false,
): Promise<Principal> {
  const awaitAll = async (): Promise<Principal> => {
    if (signature) await signature.spent;
    const principal = await confirmed;
    await paid;
    checkSigner(signature, principal, mustSign);
    checkApp(document, principal);
    return principal;
  };
  const admission = awaitAll();
  // Each may fail before anyone has come to wait for it.
  for (const asked of [confirmed, paid, admission]) asked.catch(() => {});
  return admission;
}

/** The charge leaves beside the other checks, and is taken back where one of them refuses. @throws as the first that does */
export async function onceAdmitted(charging: Promise<Charge>, context: RequestContext): Promise<Charge> {
  // It may fail before it is waited for.
  charging.catch(() => {});
  try {
    await confirmAdmission(context);
  } catch (refusal) {
    charging.then(
      (charge) => charge.cancel(),
      () => {},
    );
    throw refusal;
  }
  return charging;
}

/** @throws as the first check that refuses, or when the stores say that somebody else asks than was taken for it */
export async function confirmAdmission({ admission, principal }: RequestContext): Promise<void> {
  // Never told: the request is then answered anew.
  if ((await admission) !== principal) throw new RequestError('UNAUTHENTICATED', 'The session has changed.');
}

/** A stolen token is of no use with a key of one's own. @throws SIGNATURE_INVALID */
function checkSigner(
  signature: CheckedSignature | undefined,
  principal: Principal,
  mustSign: MustSign,
): void {
  const sessionId = principal.kind === 'user' ? principal.sessionId : undefined;
  if (signature ? signature.sessionId === sessionId : !mustSign(principal)) return;
  throw new RequestError('SIGNATURE_INVALID', 'Sign by the key of the session that the access token opens.');
}
