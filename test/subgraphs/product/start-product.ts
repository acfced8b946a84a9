/** A product subgraph under test: its clock stands still, its statements are recorded. */
import { eq } from 'drizzle-orm';
import { createProductSubgraph } from '../../../subgraphs/product/subgraph.ts';
import { reservationLineTable, reservationTable, skuTable } from '../../../subgraphs/product/tables.ts';
import { openDatabase } from '../../../subgraphs/shared/database.ts';
import { callerOf, internalKey, service } from '../../support/subgraph-call.ts';

export interface ProductOptions {
  /** Without it the database is embedded and in memory. */
  readonly databaseUrl?: string;
  readonly sweepIntervalMs?: number;
}

export async function startProduct({ databaseUrl, sweepIntervalMs = 3_600_000 }: ProductOptions = {}) {
  const clock = { now: Date.UTC(2026, 0, 1) };
  const statements: string[] = [];
  const database = await openDatabase({ url: databaseUrl });
  const subgraph = await createProductSubgraph({
    database,
    internalKey,
    host: '127.0.0.1',
    port: 0,
    now: () => clock.now,
    onQuery: (sql) => statements.push(sql),
    sweepIntervalMs,
  });
  const call = callerOf(subgraph.url, 'product', () => clock.now);
  const tables = database.connect();
  return {
    call,
    clock,
    /** For looking at rows from outside. */
    tables,
    /** The tables read by `run`, one entry a statement. */
    async tablesRead(run: () => Promise<unknown>): Promise<string[]> {
      statements.length = 0;
      await run();
      return statements.map((sql) => /from "product"\."(\w+)"/.exec(sql)?.[1] ?? sql);
    },
    async setStock(stocks: Record<string, number>): Promise<void> {
      for (const [id, stock] of Object.entries(stocks))
        await tables.update(skuTable).set({ stock }).where(eq(skuTable.id, id));
    },
    async forgetReservations(): Promise<void> {
      await tables.delete(reservationLineTable);
      await tables.delete(reservationTable);
    },
    async stockOf(skuId: string): Promise<number | undefined> {
      const [sku] = await tables.select().from(skuTable).where(eq(skuTable.id, skuId));
      return sku?.stock;
    },
    async reserve(reservationId: string, lines: Record<string, number>, ttlSeconds = 60): Promise<unknown> {
      const { data, errors } = await call({
        caller: service,
        query: `mutation ($reservationId: ID!, $lines: [StockLineInput!]!, $ttlSeconds: Int!) {
          reserveStock(reservationId: $reservationId, lines: $lines, ttlSeconds: $ttlSeconds) {
            __typename
            ... on StockReservation { id state lines { skuId productId title quantity priceFen weightGrams } }
            ... on OutOfStock { skuId available }
            ... on UnknownSku { skuId }
          }
        }`,
        variables: {
          reservationId,
          ttlSeconds,
          lines: Object.entries(lines).map(([skuId, quantity]) => ({ skuId, quantity })),
        },
      });
      return errors ?? (data as { reserveStock: unknown }).reserveStock;
    },
    confirm: (id: string) => settle('confirmReservation', id),
    release: (id: string) => settle('releaseReservation', id),
    async close(): Promise<void> {
      await subgraph.close();
      await database.close();
    },
  };

  async function settle(field: string, id: string): Promise<unknown> {
    const { data, errors } = await call({
      caller: service,
      query: `mutation ($id: ID!) { state: ${field}(reservationId: $id) }`,
      variables: { id },
    });
    return errors ?? (data as { state: string }).state;
  }
}

export type ProductUnderTest = Awaited<ReturnType<typeof startProduct>>;
