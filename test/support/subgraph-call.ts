/** Calls a subgraph as the gateway or another service would: one signed POST. */
import { type Caller, signRequest } from '../../subgraphs/verify/index.ts';

export const internalKey = 'an internal key of forty characters, yes';

export const guest: Caller = { kind: 'guest' };
export const service: Caller = { kind: 'service', name: 'order' };

export function user(
  userId: string,
  roles: readonly string[] = ['USER'],
  scopes: readonly string[] = [],
): Caller {
  return { kind: 'user', userId, roles, scopes };
}

export interface SubgraphAnswer {
  readonly data?: Record<string, unknown> | null;
  /** Messages and codes alone, so that tests compare them whole. */
  readonly errors?: readonly { readonly message: string; readonly code: string }[];
}

export interface SubgraphCall {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly caller: Caller;
  readonly idempotencyKey?: string;
}

/** `call` is bound to one subgraph; `audience` is its name. */
export function callerOf(url: string, audience: string, now: () => number) {
  return async ({ query, variables, caller, idempotencyKey }: SubgraphCall): Promise<SubgraphAnswer> => {
    const body = JSON.stringify({ query, variables });
    const headers = signRequest({
      url: new URL(url),
      audience,
      caller,
      body,
      idempotencyKey,
      key: internalKey,
      now: now(),
    });
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    const answer = (await response.json()) as {
      data?: Record<string, unknown> | null;
      errors?: { message: string; extensions: { code: string } }[];
    };
    return {
      ...(answer.data !== undefined && { data: answer.data }),
      ...(answer.errors && {
        errors: answer.errors.map(({ message, extensions }) => ({ message, code: extensions.code })),
      }),
    };
  };
}
