/** Who pays for a request: a logged-in user and the user's mini-program, or a guest's address and what it calls itself. */

import { toAddressBlock } from '../address.ts';
import { accountOf } from '../principal.ts';
import type { RequestContext } from '../request-context.ts';
import type { Bucket, BudgetLimit, Unit } from './budget.ts';

/** A limit with a capacity of 0 is none. */
export interface BudgetLimits {
  readonly principal: BudgetLimit;
  readonly app: BudgetLimit;
  readonly address: BudgetLimit;
}

/** What the buckets of a request are chosen by. */
export type Payer = Pick<RequestContext, 'principal' | 'client' | 'address'>;

/**
 * A user's two come from the session and cannot be forged. A guest's client name is a claim: it chooses among buckets of
 * guests alone, so that a false one takes nothing from the users of that app, and the address, which is no claim, pays too.
 */
export function bucketsOf(of: Unit, limits: BudgetLimits, payer: Payer): Bucket[] {
  return allBucketsOf(of, limits, payer).filter(({ limit }) => limit.capacity > 0);
}

function allBucketsOf(of: Unit, limits: BudgetLimits, { principal, client, address }: Payer): Bucket[] {
  if (principal.kind === 'service')
    return [{ of, payer: 'principal', id: `service:${principal.name}`, limit: limits.principal }];
  if (principal.kind === 'user')
    return [
      { of, payer: 'principal', id: accountOf(principal), limit: limits.principal },
      { of, payer: 'app', id: principal.appId, limit: limits.app },
    ];
  return [
    { of, payer: 'address', id: toAddressBlock(address), limit: limits.address },
    { of, payer: 'guestApp', id: client.name ?? '', limit: limits.app },
  ];
}
