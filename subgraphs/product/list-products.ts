/** Pages of products, newest first: all, of one category, or found by a search. */
import { and, desc, eq, ilike, lt, or } from 'drizzle-orm';
import { type Connection, type PageArguments, toConnection, toRowRange } from '../shared/connection.ts';
import type { Database } from '../shared/database.ts';
import { isStorableText } from '../shared/storable-text.ts';
import { subgraphError } from '../shared/subgraph-error.ts';
import { type ProductRow, productTable } from './tables.ts';

export interface ProductFilter {
  readonly categoryId?: string | null | undefined;
  /** Each must occur in the title or in the description, in either case. */
  readonly words?: readonly string[];
}

const maxSearchLength = 100;
const maxWords = 8;

export async function listProducts(
  database: Database,
  page: PageArguments,
  { categoryId, words = [] }: ProductFilter,
): Promise<Connection<ProductRow>> {
  const { count, beforeId } = toRowRange(page);
  const rows = await database
    .select()
    .from(productTable)
    .where(
      and(
        beforeId === undefined ? undefined : lt(productTable.id, beforeId),
        categoryId == null ? undefined : eq(productTable.categoryId, categoryId),
        ...words.map(contains),
      ),
    )
    .orderBy(desc(productTable.id))
    .limit(count);
  return toConnection(rows, page.first, (row) => row.id);
}

/** @throws BAD_USER_INPUT without a word, beyond 8 words or 100 characters, or with NUL or half characters */
export function parseSearch(text: string): readonly string[] {
  const words = text.split(/\s+/).filter((word) => word !== '');
  if (words.length < 1 || words.length > maxWords || !isStorableText(text, maxSearchLength)) {
    throw subgraphError(
      'BAD_USER_INPUT',
      `"text" must be of 1 to ${maxWords} words and at most ${maxSearchLength} characters.`,
    );
  }
  return words;
}

function contains(word: string) {
  const pattern = `%${word.replaceAll(/[\\%_]/g, '\\$&')}%`;
  return or(ilike(productTable.title, pattern), ilike(productTable.description, pattern));
}
