/** Asks subgraphs for their schemas by the client that requests go through: signed, within a time and a size. */
import { randomUUID } from 'node:crypto';
import type { IntrospectionSourceOptions } from './supergraph/introspection-source.ts';
import { createSubgraphClient } from './upstream/subgraph-client.ts';

const limits = { timeoutMs: 5_000, maxResponseBytes: 1_048_576 };

export function introspectByClient(internalKey: string | undefined): IntrospectionSourceOptions['ask'] {
  return async (subgraph, query) => {
    const client = createSubgraphClient({ ...limits, internalKey, onFetch: () => {} });
    try {
      const { data, fault, hidden } = await client.send(subgraph, JSON.stringify({ query }), {
        ...{ caller: { kind: 'guest' }, requestId: randomUUID(), idempotencyKey: undefined },
        deadlineMs: performance.now() + 2 * limits.timeoutMs,
      });
      const reason = hidden?.[0] ?? fault;
      return { data, ...(reason !== undefined && { reason }) };
    } finally {
      await client.close();
    }
  };
}
