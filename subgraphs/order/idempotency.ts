/** Keeps, per user and key, who is answering a request and then the answer, so that it is given once. */
import { createHash } from 'node:crypto';
import { and, eq, lt, or, sql } from 'drizzle-orm';
import type { Database } from '../shared/database.ts';
import { subgraphError } from '../shared/subgraph-error.ts';
import { type CreateOrderAnswer, parseAnswer } from './create-order-answer.ts';
import { idempotencyTable } from './tables.ts';

export interface KeyedRequest {
  readonly userId: string;
  readonly key: string;
  /** Of the input; the same key with another input is refused. */
  readonly requestHash: string;
  /** Used if this request is the key's first. */
  readonly newOrderId: string;
}

/** The right to answer; it ends with `answerClaim`, with `freeClaim`, or when another takes it over. */
export interface Claim {
  readonly userId: string;
  readonly key: string;
  readonly orderId: string;
  readonly attempt: number;
}

export type ClaimOutcome =
  | { readonly state: 'mine'; readonly claim: Claim }
  | { readonly state: 'taken' }
  | { readonly state: 'answered'; readonly answer: CreateOrderAnswer };

/** Far longer than answering takes: a claim this old belongs to a process that has crashed. */
const staleAfterMs = 30_000;
const keptMs = 7 * 24 * 3_600_000;

export function hashRequest(input: unknown): string {
  return createHash('sha256').update(JSON.stringify(input)).digest('hex');
}

/**
 * Claims the key if it is new, free, or its owner has been silent for 30 seconds.
 * @throws IDEMPOTENCY_KEY_REUSED when the key came with another input before
 */
export async function claimKey(
  database: Database,
  request: KeyedRequest,
  now: number,
): Promise<ClaimOutcome> {
  const { userId, key, requestHash } = request;
  const claimedAt = new Date(now);
  const isClaimable = or(
    eq(idempotencyTable.state, 'free'),
    and(eq(idempotencyTable.state, 'claimed'), lt(idempotencyTable.claimedAt, new Date(now - staleAfterMs))),
  );
  const [claim] = await database
    .insert(idempotencyTable)
    .values({
      userId,
      key,
      requestHash,
      orderId: request.newOrderId,
      state: 'claimed',
      claimedAt,
      attempt: 1,
    })
    .onConflictDoUpdate({
      target: [idempotencyTable.userId, idempotencyTable.key],
      set: { state: 'claimed', claimedAt, attempt: sql`${idempotencyTable.attempt} + 1` },
      setWhere: and(eq(idempotencyTable.requestHash, requestHash), isClaimable),
    })
    .returning();
  if (claim) return { state: 'mine', claim };

  const [existing] = await database
    .select()
    .from(idempotencyTable)
    .where(and(eq(idempotencyTable.userId, userId), eq(idempotencyTable.key, key)));
  if (existing && existing.requestHash !== requestHash) {
    throw subgraphError('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used for another order.');
  }
  return existing?.answer ? { state: 'answered', answer: parseAnswer(existing.answer) } : { state: 'taken' };
}

/** Stores the answer; false when another owner has taken the claim over, whose answer counts. */
export function answerClaim(database: Database, claim: Claim, answer: CreateOrderAnswer): Promise<boolean> {
  return endClaim(database, claim, { state: 'answered', answer });
}

/** Lets the next request with the key try again at once, for the same order id. */
export async function freeClaim(database: Database, claim: Claim): Promise<void> {
  await endClaim(database, claim, { state: 'free' });
}

/** Deletes the keys that were last claimed more than seven days ago: one that comes again then is new. */
export async function forgetOldKeys(database: Database, now: number): Promise<void> {
  await database.delete(idempotencyTable).where(lt(idempotencyTable.claimedAt, new Date(now - keptMs)));
}

async function endClaim(
  database: Database,
  claim: Claim,
  end: { state: 'answered'; answer: CreateOrderAnswer } | { state: 'free' },
): Promise<boolean> {
  const ended = await database
    .update(idempotencyTable)
    .set(end)
    .where(
      and(
        eq(idempotencyTable.userId, claim.userId),
        eq(idempotencyTable.key, claim.key),
        eq(idempotencyTable.state, 'claimed'),
        eq(idempotencyTable.attempt, claim.attempt),
      ),
    )
    .returning({ attempt: idempotencyTable.attempt });
  return ended.length === 1;
}
