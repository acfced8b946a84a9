/** The way to the subgraphs, with each fetch counted and each failure told. */
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Metrics } from './telemetry/metrics.ts';
import { createSubgraphClient, type SubgraphClient } from './upstream/subgraph-client.ts';

export interface SubgraphConnectionParts {
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'countFetch'>;
}

export function connectSubgraphs(
  config: Pick<Config, 'internalKey' | 'subgraphs'>,
  { log, metrics }: SubgraphConnectionParts,
): SubgraphClient {
  return createSubgraphClient({
    internalKey: config.internalKey,
    ...config.subgraphs,
    onFetch: ({ subgraph, requestId, outcome, hidden }) => {
      metrics.countFetch(subgraph, outcome);
      if ((outcome !== 'OK' && outcome !== 'CANCELLED') || hidden)
        log.warn({ requestId, subgraph, outcome, hidden }, 'a subgraph failed');
    },
  });
}
