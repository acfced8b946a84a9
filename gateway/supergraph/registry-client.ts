/** Speaks with the registry over HTTP: fetches the bundle of one environment, and hands in what was used. */
import { Agent, type Dispatcher, request } from 'undici';

export interface RegistryClient {
  /** @returns `undefined` when the one that is there already is still in force @throws RegistryError */
  fetchBundle(question?: BundleQuestion): Promise<FetchedBundle | undefined>;
  /** @throws RegistryError */
  sendBans(bans: readonly BanCount[], signal?: AbortSignal): Promise<void>;
  /** @throws RegistryError */
  sendUsage(usage: object, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Bans that rules have set since the last report. */
export interface BanCount {
  readonly subject: 'user' | 'address';
  /** The rule that had added most. */
  readonly rule: string;
  readonly count: number;
}

export interface BundleQuestion {
  /** Of the bundle that is there already. */
  readonly etag?: string | undefined;
  /** How long the registry may hold the answer until there is another, in whole seconds. Default 0. */
  readonly waitMs?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface FetchedBundle {
  readonly bytes: Buffer;
  readonly etag: string | undefined;
}

/** The registry cannot be reached, or does not answer as it should. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly code: 'REGISTRY_AWAY' | 'REGISTRY_REFUSED' | 'REGISTRY_REJECTED' | 'REGISTRY_BAD_ANSWER';

  constructor(code: RegistryError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export interface RegistryClientOptions {
  readonly url: string;
  readonly environment: string;
  readonly token: string;
  /** How long one exchange may take as a whole. */
  readonly timeoutMs: number;
  readonly maxBundleBytes: number;
}

export function createRegistryClient(options: RegistryClientOptions): RegistryClient {
  const { url, environment, token, timeoutMs, maxBundleBytes } = options;
  // One of them for the question that is held.
  const agent = new Agent({ connections: 3, connect: { timeout: 2_000 } });
  const base = `${url.replace(/\/$/, '')}/v1/environments/${encodeURIComponent(environment)}`;
  const authorization = `Bearer ${token}`;

  /** Redirects are not followed: the token is for this address. */
  const exchange = async <T>(
    path: string,
    given: Omit<Dispatcher.RequestOptions, 'origin' | 'path'>,
    { signal, waitMs = 0 }: Pick<BundleQuestion, 'signal' | 'waitMs'>,
    read: (response: Dispatcher.ResponseData) => Promise<T>,
  ): Promise<T> => {
    const limitMs = waitMs + timeoutMs;
    const limit = AbortSignal.timeout(limitMs);
    try {
      const response = await request(`${base}/${path}`, {
        ...given,
        dispatcher: agent,
        headers: { authorization, ...given.headers },
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      });
      return await read(response);
    } catch (cause) {
      if (cause instanceof RegistryError) throw cause;
      const reason = limit.aborted ? `it took more than ${limitMs} ms` : (cause as Error).message;
      throw new RegistryError('REGISTRY_AWAY', `The registry does not answer: ${reason}.`, { cause });
    }
  };

  const handIn = (path: string, content: object, signal: AbortSignal | undefined): Promise<void> =>
    exchange(
      path,
      { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(content) },
      { signal },
      async ({ statusCode, body }) => {
        await body.dump();
        if (statusCode < 200 || statusCode > 299) throw toError(statusCode);
      },
    );

  return {
    fetchBundle: ({ etag, waitMs = 0, signal } = {}) =>
      exchange(
        'bundle',
        {
          method: 'GET',
          headers: {
            ...(etag !== undefined && { 'if-none-match': etag }),
            ...(waitMs > 0 && { prefer: `wait=${Math.ceil(waitMs / 1_000)}` }),
          },
        },
        { signal, waitMs },
        async ({ statusCode, headers, body }) => {
          if (statusCode === 200)
            return { bytes: await readAtMost(body, maxBundleBytes), etag: headers.etag?.toString() };
          await body.dump();
          if (statusCode === 304 && etag !== undefined) return undefined;
          throw toError(statusCode);
        },
      ),
    sendBans: (bans, signal) => handIn('bans', bans, signal),
    sendUsage: (usage, signal) => handIn('usage', usage, signal),
    close: () => agent.destroy(),
  };
}

function toError(statusCode: number): RegistryError {
  if (statusCode === 400 || statusCode === 413 || statusCode === 422)
    return new RegistryError(
      'REGISTRY_REJECTED',
      `The registry answers ${statusCode}: it cannot use what it was sent.`,
    );
  if (statusCode >= 400 && statusCode < 500)
    return new RegistryError(
      'REGISTRY_REFUSED',
      `The registry answers ${statusCode}: check the token and environment.`,
    );
  if (statusCode >= 500) return new RegistryError('REGISTRY_AWAY', `The registry answers ${statusCode}.`);
  return new RegistryError('REGISTRY_BAD_ANSWER', `The registry answers ${statusCode}, which says nothing.`);
}

async function readAtMost(body: Dispatcher.ResponseData['body'], maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes)
      throw new RegistryError('REGISTRY_BAD_ANSWER', `The bundle is of more than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
