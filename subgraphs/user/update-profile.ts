/** Changes what a user shows of themselves. */
import { eq } from 'drizzle-orm';
import type { Database } from '../shared/database.ts';
import { subgraphError } from '../shared/subgraph-error.ts';
import { parseText } from './parse-text.ts';
import { type UserRow, userTable } from './tables.ts';

export interface ProfileChange {
  /** At most 32 characters; null removes it, leaving it out keeps it. */
  readonly nickname?: string | null | undefined;
  /** `https://…` or a relative address; null removes it, leaving it out keeps it. */
  readonly avatarUrl?: string | null | undefined;
}

/**
 * Null when there is no such user.
 * @throws BAD_USER_INPUT when a value breaks a limit of `ProfileChange`
 */
export async function updateProfile(
  database: Database,
  userId: string,
  { nickname, avatarUrl }: ProfileChange,
): Promise<UserRow | null> {
  // The id is set to itself, so that a change of nothing is a valid statement too.
  const change = {
    id: userId,
    ...(nickname !== undefined && {
      nickname: nickname === null ? null : parseText('nickname', nickname, 32),
    }),
    ...(avatarUrl !== undefined && { avatarUrl: avatarUrl === null ? null : parseAvatarUrl(avatarUrl) }),
  };
  const [user] = await database.update(userTable).set(change).where(eq(userTable.id, userId)).returning();
  return user ?? null;
}

const relativeBase = 'https://relative.invalid';

function parseAvatarUrl(text: string): string {
  const url = URL.canParse(text, relativeBase) ? new URL(text, relativeBase) : undefined;
  const isRelative = url?.origin === relativeBase && !/^[a-z][a-z\d+.-]*:/i.test(text);
  const isHttps = url?.protocol === 'https:' && text.startsWith('https://') && url.username === '';
  if (!/^[!-~]{1,2048}$/.test(text) || !(isRelative || isHttps)) {
    throw subgraphError('BAD_USER_INPUT', '"avatarUrl" must be an https or a relative address.');
  }
  return text;
}
