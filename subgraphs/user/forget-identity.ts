/** Deletes what a person no longer lets a mini-program keep. */
import { and, eq, lt } from 'drizzle-orm';
import type { Database } from '../shared/database.ts';
import { parseText } from './parse-text.ts';
import { addressTable, forgottenEventTable, userTable, wechatIdentityTable } from './tables.ts';

export interface ForgetEvent {
  readonly eventId: string;
  readonly appId: string;
  readonly openid: string;
  /** The account is closed: all that is personal, and the identity. */
  readonly everything: boolean;
  /** WeChat's numbers of what was withdrawn. Those of what is not stored here change nothing. */
  readonly revokeInfo: readonly number[];
}

const addresses = [2];
const nickname = [6, 19];
const avatar = [6, 20];

/** Long after anybody sends an event again. */
const keptMs = 30 * 86_400_000;

/**
 * What belongs to the user is deleted, by whichever mini-program it came: nobody knows that any more. The user stays,
 * since orders name it, but nobody logs in as it who has no other identity.
 *
 * @throws BAD_USER_INPUT for a name that cannot be stored
 */
export async function forgetIdentity(database: Database, event: ForgetEvent, now: number): Promise<void> {
  const id = parseText('eventId', event.eventId, 128);
  const appId = parseText('appId', event.appId, 128);
  const openid = parseText('openid', event.openid, 128);
  const isMeant = (numbers: readonly number[]): boolean =>
    event.everything || numbers.some((number) => event.revokeInfo.includes(number));
  const ofIdentity = and(eq(wechatIdentityTable.appId, appId), eq(wechatIdentityTable.openid, openid));
  await database.transaction(async (transaction) => {
    await transaction
      .delete(forgottenEventTable)
      .where(lt(forgottenEventTable.forgottenAt, new Date(now - keptMs)));
    const begun = await transaction
      .insert(forgottenEventTable)
      .values({ id, forgottenAt: new Date(now) })
      .onConflictDoNothing()
      .returning();
    if (begun.length === 0) return;
    const [identity] = await transaction.select().from(wechatIdentityTable).where(ofIdentity);
    if (!identity) return;
    const { userId } = identity;
    // The id is set to itself, so that a change of nothing is a valid statement too.
    const change = {
      id: userId,
      ...(isMeant(nickname) && { nickname: null }),
      ...(isMeant(avatar) && { avatarUrl: null }),
    };
    await transaction.update(userTable).set(change).where(eq(userTable.id, userId));
    if (isMeant(addresses)) await transaction.delete(addressTable).where(eq(addressTable.userId, userId));
    if (event.everything) await transaction.delete(wechatIdentityTable).where(ofIdentity);
  });
}
