/** Writes the list of a client's operations as the gateway reads it: Apollo's persisted-query manifest, version 1. */
import type { PersistedOperation } from './persisted-operation.ts';

export function toManifest(operations: readonly PersistedOperation[], clientName: string): string {
  const manifest = {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: operations.map(({ id, body, name, type }) => ({ id, body, name, type, clientName })),
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
