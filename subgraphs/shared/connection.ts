/** Pages of a list that is ordered by one unique, descending column: Relay's connection shape. */
import { maxIdLength } from './parse-id.ts';
import { isStorableText } from './storable-text.ts';
import { subgraphError } from './subgraph-error.ts';

export interface Connection<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly nodes: readonly Node[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

export interface PageArguments {
  readonly first: number;
  readonly after?: string | null | undefined;
}

/** What a page is made of: so many rows, of those below `beforeId`. */
export interface RowRange {
  readonly count: number;
  readonly beforeId: string | undefined;
}

const maxPageSize = 50;

/** @throws BAD_USER_INPUT for a size outside 1–50, or a cursor that this server did not make */
export function toRowRange({ first, after }: PageArguments): RowRange {
  return { count: rowsToRead(first), beforeId: after == null ? undefined : decodeCursor(after) };
}

/**
 * The number of rows to read: one more than asked, so that the page knows whether another follows.
 * @throws BAD_USER_INPUT outside 1–50
 */
export function rowsToRead(first: number): number {
  if (first < 1 || first > maxPageSize) {
    throw subgraphError('BAD_USER_INPUT', `"first" must be from 1 to ${maxPageSize}.`);
  }
  return first + 1;
}

/** @throws BAD_USER_INPUT when the cursor is not one that this server made */
export function decodeCursor(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const key = text.slice('after:'.length);
  if (!text.startsWith('after:') || !isStorableText(key, maxIdLength)) {
    throw subgraphError('BAD_USER_INPUT', '"after" is not a cursor of this list.');
  }
  return key;
}

export function encodeCursor(value: string): string {
  return Buffer.from(`after:${value}`).toString('base64url');
}

/** Builds the page from `rowsToRead(first)` rows; `keyOf` gives the column's value. */
export function toConnection<Node>(
  rows: readonly Node[],
  first: number,
  keyOf: (node: Node) => string,
): Connection<Node> {
  const nodes = rows.slice(0, first);
  const edges = nodes.map((node) => ({ cursor: encodeCursor(keyOf(node)), node }));
  return {
    edges,
    nodes,
    pageInfo: { hasNextPage: rows.length > first, endCursor: edges.at(-1)?.cursor ?? null },
  };
}
