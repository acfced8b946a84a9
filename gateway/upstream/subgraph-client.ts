/** Sends one operation to one subgraph over HTTP and hands back only what a GraphQL answer may be. */
import { type Dispatcher, Pool } from 'undici';
import { type Caller, HEADER, signRequest } from '../../subgraphs/verify/index.ts';
import type { Cancellation } from '../cancellation.ts';
import { startDeadline } from '../deadline.ts';
import type { ErrorCode } from '../errors.ts';
import { nextTurn } from '../next-turn.ts';
import { hasMoreObjects } from './count-objects.ts';
import {
  type FaultCode,
  faultAnswer,
  longText,
  parseSubgraphAnswer,
  type SubgraphAnswer,
} from './subgraph-answer.ts';

export interface SubgraphTarget {
  readonly name: string;
  readonly url: URL;
}

/** What of the client's request a subgraph learns. */
export interface SubgraphRequestContext {
  readonly caller: Caller;
  readonly requestId: string;
  readonly idempotencyKey: string | undefined;
  /** On the clock of `performance.now()`: when the whole request must be over. */
  readonly deadlineMs: number;
  /** Absent where what has begun must come to its end: in mutations. */
  readonly cancellation?: Cancellation | undefined;
  /** Told the `Cache-Control` of each answer, where the client's request asks for it. */
  readonly onCacheControl?: ((value: string | undefined) => void) | undefined;
  /** Told of each request that is sent. */
  readonly onFetch?: (() => void) | undefined;
}

export interface SubgraphClient {
  /**
   * Posts a GraphQL request as JSON. Never throws for a fault of the subgraph: the answer then holds one error with a
   * `SUBGRAPH_…` code.
   */
  send(target: SubgraphTarget, body: string, context: SubgraphRequestContext): Promise<SubgraphAnswer>;
  /** Ends what is still under way. */
  close(): Promise<void>;
}

export interface SubgraphClientOptions {
  /** Signs requests; without it subgraphs learn nothing of who asks. */
  readonly internalKey: string | undefined;
  /** The longest that one subgraph may take. */
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  /** Told of every fetch, with the code of its fault if it had one, and what its errors said before they were masked. */
  readonly onFetch: (fetch: FetchRecord) => void;
}

export interface FetchRecord {
  readonly subgraph: string;
  readonly requestId: string;
  readonly outcome: ErrorCode | 'OK' | 'CANCELLED';
  readonly hidden?: readonly string[] | undefined;
}

/** Of one answer. Reading more would hold all other requests for longer than 50 ms. */
const maxObjects = 50_000;
/** An answer of fewer bytes cannot have so many objects. */
const fewestBytes = maxObjects * '{},'.length;

/** Every exchange has a deadline of its own, so that undici need keep no time. */
const poolOptions = { connections: 100, connect: { timeout: 500 }, headersTimeout: 0, bodyTimeout: 0 };

/** What stays of the request's time for turning answers into the client's answer. */
const reserveMs = 50;

interface Reply {
  readonly statusCode: number;
  readonly cacheControl: string | undefined;
  readonly text: string;
}

export function createSubgraphClient(options: SubgraphClientOptions): SubgraphClient {
  const pools = new Map<string, Pool>();
  const poolOf = ({ origin }: URL): Pool => {
    const known = pools.get(origin);
    if (known) return known;
    const pool = new Pool(origin, poolOptions);
    pools.set(origin, pool);
    return pool;
  };

  const post = async (
    { name, url }: SubgraphTarget,
    body: string,
    context: SubgraphRequestContext,
  ): Promise<SubgraphAnswer> => {
    const { caller, requestId, idempotencyKey, deadlineMs, cancellation, onCacheControl } = context;
    const nowMs = performance.now();
    const endMs = Math.min(nowMs + options.timeoutMs, deadlineMs - reserveMs);
    if (endMs <= nowMs || cancellation?.isCancelled()) return faultAnswer('SUBGRAPH_TIMEOUT');
    const key = options.internalKey;
    const signature = key
      ? signRequest({ url, audience: name, caller, body, idempotencyKey, key, now: Date.now() })
      : undefined;
    const request: Dispatcher.DispatchOptions = {
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
        'x-request-id': requestId,
        ...signature,
      },
      body,
    };
    context.onFetch?.();
    const reply = await dispatch(poolOf(url), request, endMs, options.maxResponseBytes, cancellation);
    if (typeof reply === 'string') return faultAnswer(reply);
    onCacheControl?.(reply.cacheControl);
    // To put its bytes together took its time; before it is read others have their turn.
    if (reply.text.length > longText) await nextTurn();
    return (
      parseSubgraphAnswer(withoutCredential(reply.text, signature?.[HEADER.signature])) ??
      faultAnswer(reply.statusCode >= 500 ? 'SUBGRAPH_UNAVAILABLE' : 'SUBGRAPH_BAD_RESPONSE')
    );
  };

  return {
    async send(target, body, context) {
      const answer = await post(target, body, context);
      const { fault, hidden } = answer;
      options.onFetch({
        subgraph: target.name,
        requestId: context.requestId,
        outcome: fault && context.cancellation?.isCancelled() ? 'CANCELLED' : (fault ?? 'OK'),
        hidden,
      });
      return answer;
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
}

/** What a subgraph was sent to prove who asks must not come back to a client. */
function withoutCredential(text: string, credential: string | undefined): string {
  return credential && text.includes(credential) ? text.replaceAll(credential, '[redacted]') : text;
}

/**
 * One exchange within the time and size allowed, or the code of what went wrong. Redirects are not followed. No
 * encoding is offered, so a compressed answer, which would have to be trusted before it is measured, is refused.
 */
function dispatch(
  pool: Pool,
  request: Dispatcher.DispatchOptions,
  endMs: number,
  maxBytes: number,
  cancellation: Cancellation | undefined,
): Promise<Reply | FaultCode> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let statusCode = 0;
    let cacheControl: string | undefined;
    let hasEnded = false;
    let abort = (): void => {};
    const end = (result: Reply | FaultCode): void => {
      hasEnded = true;
      stopDeadline();
      cancellation?.delete(timeOut);
      resolve(result);
    };
    const giveUp = (code: FaultCode): void => {
      end(code);
      abort();
    };
    const timeOut = (): void => giveUp('SUBGRAPH_TIMEOUT');
    const stopDeadline = startDeadline(endMs, timeOut);
    cancellation?.add(timeOut);
    pool.dispatch(request, {
      onRequestStart(controller) {
        abort = () => controller.abort(new Error('given up'));
        // Its time was over while it waited for a connection.
        if (hasEnded) abort();
      },
      onResponseStart(_controller, status, headers) {
        statusCode = status;
        cacheControl = headers['cache-control']?.toString();
        if (headers['content-encoding'] !== undefined) giveUp('SUBGRAPH_BAD_RESPONSE');
      },
      onResponseData(_controller, chunk) {
        bytes += chunk.length;
        if (bytes > maxBytes) giveUp('SUBGRAPH_RESPONSE_TOO_LARGE');
        else chunks.push(chunk);
      },
      onResponseEnd() {
        const [only] = chunks;
        const whole = chunks.length === 1 && only ? only : Buffer.concat(chunks);
        if (bytes > fewestBytes && hasMoreObjects(whole, maxObjects)) {
          end('SUBGRAPH_RESPONSE_TOO_LARGE');
          return;
        }
        end({ statusCode, cacheControl, text: whole.toString('utf8') });
      },
      onResponseError() {
        end('SUBGRAPH_UNAVAILABLE');
      },
    });
  });
}
