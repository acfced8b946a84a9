/** The order subgraph: orders, their lines, and whether the shop takes any. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startChores } from '../shared/chores.ts';
import { type RunningSubgraph, serveSubgraph } from '../shared/subgraph-server.ts';
import type { SubgraphSettings } from '../shared/subgraph-settings.ts';
import { createOrderContext } from './context.ts';
import { forgetOldKeys } from './idempotency.ts';
import { createProductClient } from './product-client.ts';
import { resolvers } from './resolvers.ts';
import { seedOrders } from './seed/seed-orders.ts';
import { settleUnsettled } from './settle-stock.ts';

export interface OrderSubgraphOptions extends SubgraphSettings {
  /** Where the product subgraph answers; a function when that is known only later. */
  readonly productUrl: URL | (() => URL);
  /** Between two searches for orders whose stock is not settled and keys to forget. Default 10,000. */
  readonly recoveryIntervalMs?: number;
  /** How long a repeated request waits for the answer to the first. Default 8,000. */
  readonly claimWaitMs?: number;
}

/** Brings the schema up to date, fills an empty shop, then serves it; the product subgraph may come later. */
export async function createOrderSubgraph(options: OrderSubgraphOptions): Promise<RunningSubgraph> {
  const { now, onFault } = options;
  await options.database.migrate({
    schema: 'orders',
    folder: fileURLToPath(new URL('migrations', import.meta.url)),
  });
  const unobserved = options.database.connect();
  await seedOrders(unobserved);

  const product = createProductClient(options);
  const services = {
    database: options.database.connect(options.onQuery),
    product,
    now,
    claimWaitMs: options.claimWaitMs ?? 8_000,
  };
  const server = await serveSubgraph({
    ...options,
    name: 'order',
    typeDefs: readFileSync(new URL('schema.graphql', import.meta.url), 'utf8'),
    resolvers,
    createContext: (caller, idempotencyKey) => createOrderContext({ caller, idempotencyKey, services }),
  });
  const chores = startChores(
    [
      (signal) => settleUnsettled({ product, database: unobserved }, signal),
      () => forgetOldKeys(unobserved, now()),
    ],
    { intervalMs: options.recoveryIntervalMs ?? 10_000, onFault },
  );
  return {
    url: server.url,
    async close() {
      await server.close();
      await chores.stop();
      await product.close();
    },
  };
}
