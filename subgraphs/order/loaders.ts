/** One SQL query per table and hop: what the rows of one request need of each other is read in batches. */
import type DataLoader from 'dataloader';
import { and, asc, desc, eq, inArray, lt, sql } from 'drizzle-orm';
import { createListLoader, createRowLoader } from '../shared/batch.ts';
import type { RowRange } from '../shared/connection.ts';
import type { Database } from '../shared/database.ts';
import { createPageLoader, type PageLoader } from '../shared/page-loader.ts';
import { type OrderLineRow, type OrderRow, orderLineTable, orderTable } from './tables.ts';

export interface OrderLoaders {
  readonly order: DataLoader<string, OrderRow | null>;
  /** As the buyer listed them. */
  readonly linesOfOrder: DataLoader<string, readonly OrderLineRow[]>;
  /** Newest first; the same page of several users is one query. */
  readonly ordersOfUser: PageLoader<OrderRow>;
  /** For after a change: later fields of the request read anew. */
  forgetOrders(): void;
}

export function createOrderLoaders(database: Database): OrderLoaders {
  const order = createRowLoader(
    (ids) =>
      database
        .select()
        .from(orderTable)
        .where(inArray(orderTable.id, [...ids])),
    (row: OrderRow) => row.id,
  );
  const ordersOfUser = createPageLoader(
    (userIds, range) => loadUserPages(database, userIds, range),
    (row) => row.userId,
  );
  return {
    order,
    linesOfOrder: createListLoader(
      (orderIds) =>
        database
          .select()
          .from(orderLineTable)
          .where(inArray(orderLineTable.orderId, [...orderIds]))
          .orderBy(asc(orderLineTable.position)),
      (row) => row.orderId,
    ),
    ordersOfUser,
    forgetOrders() {
      order.clearAll();
      ordersOfUser.clear();
    },
  };
}

/** Each user's page is read from the index alone, however many orders there are. */
function loadUserPages(
  database: Database,
  userIds: readonly string[],
  { count, beforeId }: RowRange,
): Promise<OrderRow[]> {
  const page = database
    .select()
    .from(orderTable)
    .where(
      and(
        eq(orderTable.userId, sql`asked.user_id`),
        beforeId === undefined ? undefined : lt(orderTable.id, beforeId),
      ),
    )
    .orderBy(desc(orderTable.id))
    .limit(count)
    .as('page');
  const { id, userId, status, totalFen, stockState, reservationId, createdAt } = page;
  return database
    .select({ id, userId, status, totalFen, stockState, reservationId, createdAt })
    .from(sql`unnest(${sql.param(userIds)}::text[]) as asked (user_id)`)
    .crossJoinLateral(page)
    .orderBy(desc(id));
}
