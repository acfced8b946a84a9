/** Reads from the headers which program asks, in our own names or in Apollo's. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Client } from '../request-context.ts';

/** Where a client says its name and version; an answer that is for one client alone depends on all of them. */
export const clientHeaders = [
  'minigate-client-name',
  'minigate-client-version',
  'apollographql-client-name',
  'apollographql-client-version',
] as const;

/** Clients write these headers themselves: what does not look like a name or a version counts as absent. */
export function parseClient(headers: IncomingHttpHeaders): Client {
  return {
    name: toLabel(headers['minigate-client-name'] ?? headers['apollographql-client-name']),
    version: toLabel(headers['minigate-client-version'] ?? headers['apollographql-client-version']),
  };
}

function toLabel(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && /^[\w.@/+ -]{1,64}$/.test(header) ? header : undefined;
}
