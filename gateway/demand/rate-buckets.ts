/** Which buckets count a request: the same payers as for its cost, and a few more. */
import { toAddressBlock } from '../address.ts';
import type { RegisteredOperation } from '../persisted/safelist.ts';
import { accountOf } from '../principal.ts';
import type { Bucket, BudgetLimit } from './budget.ts';
import { type BudgetLimits, bucketsOf, type Payer } from './payers.ts';
import { toLimit } from './rate-limit.ts';

/** By the name or document id of a registered operation; of each caller, or of all together. */
export type OperationLimits = Readonly<Record<string, BudgetLimit & { readonly of: 'each' | 'all' }>>;

/** A limit with a capacity of 0 is none. */
export interface RateLimits extends BudgetLimits {
  /** Of one user whose session is new, and of all of those at one address. */
  readonly newcomer: BudgetLimit;
  readonly newcomersOfAddress: BudgetLimit;
  /** How long a session is new. */
  readonly newcomerMs: number;
  readonly service: BudgetLimit;
  readonly operations: OperationLimits;
  /** What a bundle adds to them, counted by itself. */
  readonly publishedOperations?: OperationLimits;
}

/** Which buckets a request takes from. */
export type RateBuckets = (payer: Payer, registered: RegisteredOperation | undefined) => Bucket[];

/** @param now milliseconds since 1970 */
export function createRateBuckets(limits: RateLimits, now: () => number): RateBuckets {
  const { operations, publishedOperations = {} } = limits;
  const forService = { ...limits, principal: limits.service };
  const hasOperations = [operations, publishedOperations].some((some) => Object.keys(some).length > 0);

  const bucketsOfAsker = (payer: Payer): Bucket[] => {
    const { principal, address } = payer;
    if (principal.kind === 'service') return bucketsOf('requests', forService, payer);
    if (principal.kind === 'guest' || now() - principal.loggedInAt >= limits.newcomerMs)
      return bucketsOf('requests', limits, payer);
    const [of, id, block] = ['requests' as const, accountOf(principal), toAddressBlock(address)];
    const newcomer: Bucket[] = [
      { of, payer: 'newcomer', id, limit: limits.newcomer },
      { of, payer: 'app', id: principal.appId, limit: limits.app },
      { of, payer: 'newcomersOfAddress', id: block, limit: limits.newcomersOfAddress },
    ];
    return newcomer.filter(({ id: known, limit }) => limit.capacity > 0 && known !== '');
  };

  return (payer, registered) => {
    const buckets = bucketsOfAsker(payer);
    if (!registered || !hasOperations) return buckets;
    return [
      ...buckets,
      ...bucketOfOperation(operations, [], registered, payer),
      ...bucketOfOperation(publishedOperations, ['published'], registered, payer),
    ];
  };
}

export function toOperationLimits(
  rates: Readonly<Record<string, Parameters<typeof toLimit>[0] & { readonly of: 'each' | 'all' }>>,
): OperationLimits {
  return Object.fromEntries(
    Object.entries(rates).map(([name, { of, ...rate }]) => [name, { ...toLimit(rate), of }]),
  );
}

/** @param mark begins the names of the buckets, so that two sets of limits do not share any */
function bucketOfOperation(
  limits: OperationLimits,
  mark: readonly string[],
  { name, id }: RegisteredOperation,
  payer: Payer,
): Bucket[] {
  const key = [name, id].find((each) => each !== undefined && Object.hasOwn(limits, each));
  const limit = key === undefined ? undefined : limits[key];
  if (!limit) return [];
  const caller = limit.of === 'each' ? toCallerId(payer) : [];
  return [{ of: 'requests', payer: 'operation', id: JSON.stringify([...mark, key, ...caller]), limit }];
}

function toCallerId({ principal, address }: Payer): readonly string[] {
  switch (principal.kind) {
    case 'user':
      return ['user', accountOf(principal)];
    case 'service':
      return ['service', principal.name];
    case 'guest':
      return ['address', toAddressBlock(address)];
  }
}
