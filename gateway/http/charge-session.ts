/** Counts what is done with a session for that session, wherever it is done. */
import type { FastifyRequest } from 'fastify';
import type { SessionUse } from '../demand/budget.ts';
import type { Rates } from '../demand/rates.ts';
import type { SessionClaims } from '../identity/session-token.ts';

/** @param claims whose session it is; `undefined` for none that was given out here: then the address pays for the refusal too. Rejects with RATE_LIMITED */
export type ChargeSession = (
  use: SessionUse,
  request: FastifyRequest,
  claims: SessionClaims | undefined,
) => Promise<void>;

export function createChargeSession(charge: Rates['chargeSession']): ChargeSession {
  return async (use, request, claims) => {
    await charge(use, { address: request.clientAddress, sessionId: claims?.sessionId });
    // Sessions that all end at once must not use up what the guests behind a carrier's address may ask.
    request.isCharged = claims !== undefined;
  };
}
