/** What the stages know of one request from its first byte to its last. */
import type { Principal } from './principal.ts';
import type { SubgraphRequestContext } from './upstream/subgraph-client.ts';

/** The program that asks, as it calls itself: a claim, good for choosing and counting, not for trusting. */
export interface Client {
  readonly name: string | undefined;
  readonly version: string | undefined;
}

export interface RequestContext extends SubgraphRequestContext {
  readonly method: 'GET' | 'POST';
  readonly client: Client;
  readonly principal: Principal;
  readonly outcome: RequestOutcome;
}

/** Filled in as the request goes along; read once, for the log line and the metrics. */
export interface RequestOutcome {
  readonly client: Client;
  /** Of the operation that ran. */
  operationName?: string | undefined;
  /** Registered operations are few, so that their names may label metrics; others may not. */
  registered: boolean;
  /** How long who may keep the answer, and the request headers it depends on; of a GET alone. */
  caching?: { readonly cacheControl: string; readonly vary: readonly string[] };
  /** Whether the client is told that its document is not registered. */
  warned?: boolean | undefined;
  /** Codes of the errors in the answer. */
  codes: readonly string[];
  /** What went wrong inside the gateway; the client learns no more of it than that it did. */
  faults: readonly unknown[];
}
