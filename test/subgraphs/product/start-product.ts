/** A product subgraph under test, with words for stock and reservations. */
import { eq } from 'drizzle-orm';
import { createProductSubgraph } from '../../../subgraphs/product/subgraph.ts';
import { reservationLineTable, reservationTable, skuTable } from '../../../subgraphs/product/tables.ts';
import { service } from '../../support/subgraph-call.ts';
import { startSubgraph } from '../start-subgraph.ts';

export interface ProductOptions {
  /** Without it the database is embedded and in memory. */
  readonly databaseUrl?: string;
  readonly sweepIntervalMs?: number;
}

export async function startProduct({ databaseUrl, sweepIntervalMs = 3_600_000 }: ProductOptions = {}) {
  const product = await startSubgraph({
    name: 'product',
    startMs: Date.UTC(2026, 0, 1),
    databaseUrl,
    create: (settings) => createProductSubgraph({ ...settings, sweepIntervalMs }),
  });
  const { call, tables } = product;
  return {
    ...product,
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
