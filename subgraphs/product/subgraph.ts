/** The product subgraph: products, SKUs and their stock. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startChores } from '../shared/chores.ts';
import { type RunningSubgraph, serveSubgraph } from '../shared/subgraph-server.ts';
import type { SubgraphSettings } from '../shared/subgraph-settings.ts';
import { createProductContext } from './context.ts';
import { forgetEndedReservations } from './ended-reservations.ts';
import { endExpiredHolds } from './expired-holds.ts';
import { resolvers } from './resolvers.ts';
import { seedProducts } from './seed/seed-products.ts';

export interface ProductSubgraphOptions extends SubgraphSettings {
  /** Between two searches for holds that have expired and reservations to forget. Default 10,000. */
  readonly sweepIntervalMs?: number;
}

/** Brings the schema up to date, fills an empty shop, then serves it. */
export async function createProductSubgraph(options: ProductSubgraphOptions): Promise<RunningSubgraph> {
  const { now, onFault } = options;
  await options.database.migrate({
    schema: 'product',
    folder: fileURLToPath(new URL('migrations', import.meta.url)),
  });
  const unobserved = options.database.connect();
  await seedProducts(unobserved);

  const database = options.database.connect(options.onQuery);
  const server = await serveSubgraph({
    ...options,
    name: 'product',
    typeDefs: readFileSync(new URL('schema.graphql', import.meta.url), 'utf8'),
    resolvers,
    createContext: (caller) => createProductContext({ caller, database, now }),
  });
  const chores = startChores(
    [() => endExpiredHolds(unobserved, now()), () => forgetEndedReservations(unobserved, now())],
    { intervalMs: options.sweepIntervalMs ?? 10_000, onFault },
  );
  return {
    url: server.url,
    async close() {
      await server.close();
      await chores.stop();
    },
  };
}
