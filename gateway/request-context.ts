/** What the stages know of one request from its first byte to its last. */
import type { Principal } from './principal.ts';
import type { SubgraphRequestContext } from './upstream/subgraph-client.ts';

export interface RequestContext extends SubgraphRequestContext {
  readonly principal: Principal;
  readonly outcome: RequestOutcome;
}

/** Filled in as the request goes along; read once, for the log line and the metrics. */
export interface RequestOutcome {
  /** Of the operation that ran. */
  operationName?: string | undefined;
  /** Registered operations are few, so that their names may label metrics; others may not. */
  registered: boolean;
  /** Codes of the errors in the answer. */
  codes: readonly string[];
  /** What went wrong inside the gateway; the client learns no more of it than that it did. */
  faults: readonly unknown[];
}
