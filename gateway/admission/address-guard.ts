/** Stage 3: refuses a network address before anything that it sends is read. */
import { toAddressBlock } from '../address.ts';
import type { Bucket, BudgetLimit, Granted, Refused } from '../demand/budget.ts';
import { RequestError } from '../errors.ts';

export interface AddressGuardOptions {
  readonly isDenied: (address: string) => boolean;
  /** In this process alone: a flood must not be passed on to a store. */
  readonly flood: { take(buckets: readonly Bucket[], requests: number): Granted | Refused };
  /** With a capacity of 0 nobody floods. */
  readonly floodLimit: BudgetLimit;
  readonly onRefuse: (reason: 'denylist' | 'flood') => void;
}

/** @param mayFlood one that asks for many others @throws ADDRESS_DENIED, RATE_LIMITED */
export type CheckAddress = (address: string, mayFlood: boolean) => void;

export function createCheckAddress({
  isDenied,
  flood,
  floodLimit,
  onRefuse,
}: AddressGuardOptions): CheckAddress {
  return (address, mayFlood) => {
    if (isDenied(address)) {
      onRefuse('denylist');
      throw new RequestError('ADDRESS_DENIED', 'Requests from this network address are not answered.');
    }
    if (mayFlood || floodLimit.capacity === 0) return;
    const bucket = { of: 'flood', payer: 'address', id: toAddressBlock(address), limit: floodLimit } as const;
    const answer = flood.take([bucket], 1);
    if (answer.granted) return;
    onRefuse('flood');
    throw new RequestError('RATE_LIMITED', 'This network address sends too many requests.', {
      'retry-after': String(Math.max(1, Math.ceil(answer.waitSeconds))),
    });
  };
}
