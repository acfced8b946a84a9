/** Sends one operation to a GraphQL endpoint, and keeps of the answer what can be compared. */
import { CommandError } from './output.ts';

export interface Asked {
  readonly name: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface EndpointAnswer {
  readonly status: number;
  readonly data: unknown;
  /** Path and code of each error, in order of the path: messages may differ. */
  readonly errors: readonly { readonly path: string; readonly code: string }[];
  /** As a gateway in development tells it, by the header `minigate-fetches`. */
  readonly fetches: number | null;
  readonly milliseconds: number;
}

const timeoutMs = 60_000;

/** @throws CommandError when it does not answer, or with what is no GraphQL */
export async function askEndpoint(
  url: string,
  { query, variables }: Asked,
  headers: Readonly<Record<string, string>>,
): Promise<EndpointAnswer> {
  const startedAt = performance.now();
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'minigate-cost': '1',
        ...headers,
        'content-type': 'application/json',
        accept: 'application/json',
      },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const body = (await response.json()) as {
      data?: unknown;
      errors?: readonly { path?: readonly unknown[]; extensions?: { code?: unknown } }[];
    };
    const told = response.headers.get('minigate-fetches');
    return {
      status: response.status,
      data: body.data ?? null,
      errors: (body.errors ?? [])
        .map(({ path, extensions }) => ({
          path: (path ?? []).join('.'),
          code: String(extensions?.code ?? ''),
        }))
        .sort((a, b) => (a.path < b.path ? -1 : 1)),
      fetches: told === null ? null : Number(told),
      milliseconds: Math.round((performance.now() - startedAt) * 10) / 10,
    };
  } catch (error) {
    const { message, cause } = error as Error;
    const reason = cause instanceof Error ? cause.message : message;
    throw new CommandError({ code: 'UNREACHABLE', message: `${url} does not answer GraphQL: ${reason}` }, 2);
  }
}
