/** The tables of the user subgraph; `migrations/` creates them. */
import { sql } from 'drizzle-orm';
import { check, index, pgSchema, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { sortableText } from '../shared/sortable-text.ts';
import { roles } from './roles.ts';

const schema = pgSchema('users');

export const userTable = schema.table('user', {
  id: sortableText('id').primaryKey(),
  nickname: text('nickname'),
  avatarUrl: text('avatar_url'),
  createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull(),
});

/** Who a person is to one mini-program; the unionid is known once the program is bound to an open-platform account. */
export const wechatIdentityTable = schema.table(
  'wechat_identity',
  {
    appId: text('app_id').notNull(),
    openid: text('openid').notNull(),
    unionid: text('unionid'),
    /** Checked when the transaction ends: a first login writes the identity before the user. */
    userId: sortableText('user_id')
      .notNull()
      .references(() => userTable.id),
  },
  (table) => [
    primaryKey({ columns: [table.appId, table.openid] }),
    index('wechat_identity_by_user').on(table.userId),
    index('wechat_identity_by_unionid').on(table.unionid, table.userId),
  ],
);

export const addressTable = schema.table(
  'address',
  {
    id: sortableText('id').primaryKey(),
    userId: sortableText('user_id')
      .notNull()
      .references(() => userTable.id),
    recipient: text('recipient').notNull(),
    phone: text('phone').notNull(),
    province: text('province').notNull(),
    city: text('city').notNull(),
    district: text('district').notNull(),
    detail: text('detail').notNull(),
  },
  (table) => [index('address_by_user').on(table.userId, table.id)],
);

export const roleGrantTable = schema.table(
  'role_grant',
  {
    userId: sortableText('user_id')
      .notNull()
      .references(() => userTable.id),
    role: text('role', { enum: roles }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.role] }),
    check('role_grant_role_known', sql`${table.role} in ('USER', 'ADMIN', 'SUPER')`),
  ],
);

/** What WeChat had deleted and when: one that comes again, or late, must not take what the person has given since. */
export const forgottenEventTable = schema.table('forgotten_event', {
  id: text('id').primaryKey(),
  forgottenAt: timestamp('forgotten_at', { withTimezone: true, precision: 3 }).notNull(),
});

export type UserRow = typeof userTable.$inferSelect;
export type WechatIdentityRow = typeof wechatIdentityTable.$inferSelect;
export type AddressRow = typeof addressTable.$inferSelect;
export type RoleGrantRow = typeof roleGrantTable.$inferSelect;
