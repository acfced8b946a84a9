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
 * A unionid that is known already stays, whatever the login says.
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
    const [row] = await transaction
      .insert(wechatIdentityTable)
      .values({ appId, openid, unionid, userId: newId })
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
