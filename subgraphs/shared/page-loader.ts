/** Pages of many lists of one kind: within a request the same page of several lists is one query. */
import type DataLoader from 'dataloader';
import { createListLoader } from './batch.ts';
import {
  type Connection,
  type PageArguments,
  type RowRange,
  toConnection,
  toRowRange,
} from './connection.ts';

export interface PageLoader<Row> {
  /** @throws BAD_USER_INPUT for a size or a cursor that no page has */
  load(listId: string, page: PageArguments): Promise<Connection<Row>>;
  /** For after a change: later fields of the request read anew. */
  clear(): void;
}

/** `loadRows` reads the same range of each list, greatest id first; `listOf` tells whose a row is. */
export function createPageLoader<Row extends { readonly id: string }>(
  loadRows: (listIds: readonly string[], range: RowRange) => Promise<readonly Row[]>,
  listOf: (row: Row) => string,
): PageLoader<Row> {
  const loaders = new Map<string, DataLoader<string, readonly Row[]>>();
  return {
    async load(listId, page) {
      const range = toRowRange(page);
      const key = JSON.stringify(range);
      const loader = loaders.get(key) ?? createListLoader((listIds) => loadRows(listIds, range), listOf);
      loaders.set(key, loader);
      return toConnection(await loader.load(listId), page.first, (row) => row.id);
    },
    clear: () => loaders.clear(),
  };
}
