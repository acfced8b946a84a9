/** Tokens of teams and gateways: shown once, kept as a hash, found by the id that stands in them. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { desc, eq } from 'drizzle-orm';
import type { Database } from '../../subgraphs/shared/database.ts';
import { type tokenKinds, tokenTable } from './tables.ts';

export interface Token {
  readonly id: string;
  readonly name: string;
  readonly kind: (typeof tokenKinds)[number];
  /** `*` for all. */
  readonly environment: string;
  readonly scope: readonly string[];
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  readonly createdAt: Date;
}

const form = /^mgt_([0-9a-f]{16})_([0-9A-Za-z_-]{43})$/;

/** @returns the text of the token, which nobody can read again */
export async function createToken(
  database: Database,
  token: Pick<Token, 'name' | 'kind' | 'environment' | 'scope' | 'expiresAt'>,
  nowMs: number,
): Promise<{ readonly id: string; readonly text: string }> {
  const id = randomBytes(8).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  await database
    .insert(tokenTable)
    .values({ ...token, id, secretHash: hashSecret(secret), createdAt: new Date(nowMs) });
  return { id, text: `mgt_${id}_${secret}` };
}

/** @returns why it is refused, in words, where it does not hold now */
export async function findToken(database: Database, text: string, now: Date): Promise<Token | string> {
  const [, id, secret] = form.exec(text) ?? [];
  if (!id || !secret) return 'The token is not one of this registry.';
  const [row] = await database.select().from(tokenTable).where(eq(tokenTable.id, id));
  if (!row || !timingSafeEqual(Buffer.from(row.secretHash, 'hex'), Buffer.from(hashSecret(secret), 'hex')))
    return 'The token is not one of this registry.';
  if (row.revokedAt) return `The token ${row.name} has been revoked.`;
  if (row.expiresAt <= now) return `The token ${row.name} has expired.`;
  const { secretHash: _secretHash, ...token } = row;
  return token;
}

export async function listTokens(database: Database): Promise<Token[]> {
  const rows = await database.select().from(tokenTable).orderBy(desc(tokenTable.createdAt));
  return rows.map(({ secretHash: _secretHash, ...token }) => token);
}

/** @returns whether there is such a token */
export async function revokeToken(database: Database, id: string, now: Date): Promise<boolean> {
  const revoked = await database
    .update(tokenTable)
    .set({ revokedAt: now })
    .where(eq(tokenTable.id, id))
    .returning({ id: tokenTable.id });
  return revoked.length > 0;
}

function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
