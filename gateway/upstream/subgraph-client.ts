/** Sends one operation to one subgraph over HTTP and hands back only what a GraphQL answer may be. */
import { Agent, type Dispatcher, request as httpRequest, errors as undiciErrors } from 'undici';
import { type Caller, HEADER, signRequest } from '../../subgraphs/verify/index.ts';
import type { ErrorCode } from '../errors.ts';
import { parseSubgraphAnswer, type SubgraphAnswer } from './subgraph-answer.ts';

export interface SubgraphTarget {
  readonly name: string;
  readonly url: URL;
}

export interface SubgraphRequest {
  readonly query: string;
  readonly operationName?: string | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}

/** What of the client's request a subgraph learns. */
export interface SubgraphRequestContext {
  readonly caller: Caller;
  readonly requestId: string;
  readonly idempotencyKey: string | undefined;
  /** On the clock of `performance.now()`: when the whole request must be over. */
  readonly deadlineMs: number;
}

export interface SubgraphClient {
  /** Never throws for a fault of the subgraph: the answer then holds one error with a `SUBGRAPH_…` code. */
  send(
    target: SubgraphTarget,
    request: SubgraphRequest,
    context: SubgraphRequestContext,
  ): Promise<SubgraphAnswer>;
  /** Ends what is still under way. */
  close(): Promise<void>;
}

export interface SubgraphClientOptions {
  /** Signs requests; without it subgraphs learn nothing of who asks. */
  readonly internalKey: string | undefined;
  /** The longest that one subgraph may take. */
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  /** Told of every fetch, with the code of its fault if it had one. */
  readonly onFetch: (subgraph: string, outcome: ErrorCode | 'OK') => void;
}

/** What stays of the request's time for turning answers into the client's answer. */
const reserveMs = 50;

export function createSubgraphClient(options: SubgraphClientOptions): SubgraphClient {
  const agent = new Agent({ connections: 100, connect: { timeout: 500 } });

  const post = async (
    { name, url }: SubgraphTarget,
    request: SubgraphRequest,
    context: SubgraphRequestContext,
  ): Promise<SubgraphAnswer> => {
    const remainingMs = context.deadlineMs - performance.now() - reserveMs;
    if (remainingMs <= 0) return fault('SUBGRAPH_TIMEOUT');
    const body = JSON.stringify(request);
    const { caller, requestId, idempotencyKey } = context;
    const signature = options.internalKey
      ? signRequest({
          url,
          audience: name,
          caller,
          body,
          idempotencyKey,
          key: options.internalKey,
          now: Date.now(),
        })
      : undefined;
    try {
      const response = await httpRequest(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json, application/json',
          'x-request-id': requestId,
          ...signature,
        },
        body,
        dispatcher: agent,
        signal: AbortSignal.timeout(Math.ceil(Math.min(options.timeoutMs, remainingMs))),
      });
      return await readAnswer(response, options.maxResponseBytes, signature?.[HEADER.signature]);
    } catch (error) {
      return fault(isTimeout(error) ? 'SUBGRAPH_TIMEOUT' : 'SUBGRAPH_UNAVAILABLE');
    }
  };

  return {
    async send(target, request, context) {
      const answer = await post(target, request, context);
      options.onFetch(target.name, answer.fault ?? 'OK');
      return answer;
    },
    close: () => agent.destroy(),
  };
}

/** @param credential what the subgraph was sent to prove who asks; it must not come back to a client */
async function readAnswer(
  response: Dispatcher.ResponseData,
  maxBytes: number,
  credential: string | undefined,
): Promise<SubgraphAnswer> {
  const { statusCode, headers, body } = response;
  // Destroying a body makes it emit an error, which nobody hears once the loop below is left.
  body.on('error', () => {});
  // No encoding was offered, so a compressed answer is one that would have to be trusted before it is measured.
  if (headers['content-encoding'] !== undefined) {
    body.destroy();
    return fault('SUBGRAPH_BAD_RESPONSE');
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      body.destroy();
      return fault('SUBGRAPH_RESPONSE_TOO_LARGE');
    }
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  const answer = parseSubgraphAnswer(credential ? text.replaceAll(credential, '[redacted]') : text);
  return answer ?? fault(statusCode >= 500 ? 'SUBGRAPH_UNAVAILABLE' : 'SUBGRAPH_BAD_RESPONSE');
}

const faultMessages = {
  SUBGRAPH_TIMEOUT: 'A part of the answer did not come in time.',
  SUBGRAPH_UNAVAILABLE: 'A part of the answer is not available now.',
  SUBGRAPH_BAD_RESPONSE: 'A part of the answer could not be read.',
  SUBGRAPH_RESPONSE_TOO_LARGE: 'A part of the answer was too large.',
} as const;

function fault(code: keyof typeof faultMessages): SubgraphAnswer {
  return {
    data: null,
    errors: [{ message: faultMessages[code], path: undefined, extensions: { code } }],
    fault: code,
  };
}

function isTimeout(error: unknown): boolean {
  if (error instanceof undiciErrors.ConnectTimeoutError) return false;
  return error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError');
}
