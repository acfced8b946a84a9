/** Finds or creates the user behind a WeChat identity. */
import { eq, sql } from 'drizzle-orm';
import type { Database } from '../shared/database.ts';
import { createSortableId } from '../shared/sortable-id.ts';
import { parseText } from './parse-text.ts';
import { type Role, sortRoles } from './roles.ts';
import { roleGrantTable, userTable, wechatIdentityTable } from './tables.ts';

export interface WechatIdentity {
  readonly appId: string;
  readonly openid: string;
  readonly unionid?: string | null | undefined;
}

/**
 * Any number of first logins at once make one user: the identity is written first, and whoever wrote it adds the user.
 *
 * An identity that is new joins the user of another with the same unionid: WeChat has then vouched for both. One that is
 * known keeps its user and the unionid it has, whatever a later login says: no login moves anybody to another user.
 */
export async function registerIdentity(
  database: Database,
  identity: WechatIdentity,
  now: number,
): Promise<{ readonly userId: string; readonly roles: readonly Role[] }> {
  const appId = parseText('appId', identity.appId, 128);
  const openid = parseText('openid', identity.openid, 128);
  const unionid = identity.unionid == null ? null : parseText('unionid', identity.unionid, 128);
  const newId = createSortableId('u', now);
  return await database.transaction(async (transaction) => {
    const relative = unionid === null ? undefined : await findRelative(transaction, unionid);
    const [row] = await transaction
      .insert(wechatIdentityTable)
      .values({ appId, openid, unionid, userId: relative ?? newId })
      .onConflictDoUpdate({
        target: [wechatIdentityTable.appId, wechatIdentityTable.openid],
        set: { unionid: sql`coalesce(${wechatIdentityTable.unionid}, excluded.unionid)` },
      })
      .returning({ userId: wechatIdentityTable.userId });
    const userId = row?.userId ?? newId;
    if (userId === newId) {
      await transaction.insert(userTable).values({ id: userId, createdAt: new Date(now) });
      await transaction.insert(roleGrantTable).values({ userId, role: 'USER' });
    }
    const grants = await transaction
      .select({ role: roleGrantTable.role })
      .from(roleGrantTable)
      .where(eq(roleGrantTable.userId, userId));
    return { userId, roles: sortRoles(grants.map((grant) => grant.role)) };
  });
}

/** The user with this unionid, the earliest if there are several. First logins with one unionid wait for each other. */
async function findRelative(
  transaction: Pick<Database, 'execute' | 'select'>,
  unionid: string,
): Promise<string | undefined> {
  await transaction.execute(sql`select pg_advisory_xact_lock(hashtextextended(${unionid}, 0))`);
  const [identity] = await transaction
    .select({ userId: wechatIdentityTable.userId })
    .from(wechatIdentityTable)
    .where(eq(wechatIdentityTable.unionid, unionid))
    .orderBy(wechatIdentityTable.userId)
    .limit(1);
  return identity?.userId;
}
