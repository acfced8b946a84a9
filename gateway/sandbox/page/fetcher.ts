/** Sends GraphiQL's operations to the gateway, as the person who is logged in. */
import { type DocumentNode, getOperationAST } from 'graphql';

export interface Operation {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: unknown;
}

export interface FetcherContext {
  /** What the person wrote in the headers editor; wins over the headers set here. */
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
  readonly documentAST?: DocumentNode | undefined;
}

export interface FetcherOptions {
  readonly graphqlPath: string;
  /** The token to send, renewed if need be; nothing for a guest. */
  readonly accessToken: () => Promise<string | undefined>;
  readonly createIdempotencyKey: () => string;
  readonly fetch: typeof globalThis.fetch;
}

export type Fetcher = (operation: Operation, context?: FetcherContext) => Promise<Record<string, unknown>>;

/** A fetcher whose mutations each carry an Idempotency-Key of their own. */
export function createFetcher(options: FetcherOptions): Fetcher {
  // Called as a plain function: a browser's fetch refuses to be a method of another object.
  const { fetch, graphqlPath, accessToken, createIdempotencyKey } = options;
  return async ({ query, operationName, variables }, context) => {
    const headers = new Headers({
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json;q=0.9',
    });
    const token = await accessToken();
    if (token) headers.set('authorization', `Bearer ${token}`);
    const selected = context?.documentAST && getOperationAST(context.documentAST, operationName);
    if (selected?.operation === 'mutation') headers.set('idempotency-key', createIdempotencyKey());
    for (const [name, value] of Object.entries(context?.headers ?? {})) headers.set(name, String(value));

    const body = JSON.stringify({ query, operationName: operationName ?? undefined, variables });
    const response = await fetch(graphqlPath, { method: 'POST', headers, body });
    return (await response.json()) as Record<string, unknown>;
  };
}
