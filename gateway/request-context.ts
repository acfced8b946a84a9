/** What the stages know of one request from its first byte to its last. */
import type { RequestToSign } from './admission/signature-base.ts';
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
  /** The network address that the request came from. */
  readonly address: string;
  /** The request as it was sent, where it carries a signature by WeChat's key of the phone. */
  readonly sent: RequestToSign | undefined;
  /** Whether the answer tells what the operation cost: in development, on request. */
  readonly showsCost: boolean;
  /** Who asks, as far as it is known. */
  readonly principal: Principal;
  /** Who asks, once every store has been asked that has a say; to be awaited before anything is dear. Rejects where one refuses. */
  readonly admission: Promise<Principal>;
  readonly outcome: RequestOutcome;
}

/** Filled in as the request goes along; read once, for the log line and the metrics. */
export interface RequestOutcome {
  readonly client: Client;
  /** Of the operation that ran. */
  operationName?: string | undefined;
  /** Registered operations are few, so that their names may label metrics; others may not. */
  registered: boolean;
  /** Of the registered operation that was asked for. */
  documentId?: string;
  /** How long who may keep the answer, and the request headers it depends on; of a GET alone. */
  caching?: { readonly cacheControl: string; readonly vary: readonly string[] };
  /** Whether the client is told that its document is not registered. */
  warned?: boolean | undefined;
  /** Whether the request was counted for who sent it. */
  isCharged?: boolean;
  /** As soon as the operation is priced. */
  cost?: RequestCost;
  /** Codes of the errors in the answer. */
  codes: readonly string[];
  /** What went wrong inside the gateway; the client learns no more of it than that it did. */
  faults: readonly unknown[];
}

/** What one request cost, in cost units. */
export interface RequestCost {
  /** By the operation and its variables, before anything ran. */
  readonly estimated: number;
  /** The most that one request of this principal may cost. */
  readonly max: number;
  /** By what was answered; `undefined` until then. */
  actual?: number;
  /** What is left in the emptiest budget that paid; `undefined` when none did. */
  remaining?: number;
  /** Why the request was refused, or would have been if cost were not only measured. */
  result: 'OK' | 'COST_LIMIT_EXCEEDED' | 'RATE_LIMITED';
}
