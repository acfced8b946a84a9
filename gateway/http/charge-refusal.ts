/** Counts a refused request for the address that it came from, where it is not known whose it is. */
import type { FastifyRequest } from 'fastify';
import type { Rates } from '../demand/rates.ts';
import type { RequestError } from '../errors.ts';

export function createChargeRefusal(
  charge: Rates['chargeRefusal'],
): (request: FastifyRequest, refusal: RequestError) => void {
  return ({ clientAddress, isCharged, routeOptions }, { code }) => {
    if (!isCharged && !routeOptions.config?.isForAnyAddress) charge(clientAddress, code);
  };
}
