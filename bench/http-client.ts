/** Posts JSON over kept-alive connections at the least cost: undici's handlers, without a stream for each answer. */
import { Pool } from 'undici';

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

export interface HttpClient {
  /** Rejects when no whole answer arrives. */
  post(path: string, body: string): Promise<Answer>;
  close(): Promise<void>;
}

/**
 * @param connections at most this many requests are on their way at once; others wait
 * @param also headers beside the media type
 */
export function createHttpClient(
  origin: string,
  connections: number,
  also: Readonly<Record<string, string>> = {},
): HttpClient {
  const headers = { 'content-type': 'application/json', ...also };
  const pool = new Pool(origin, { connections, headersTimeout: 30_000, bodyTimeout: 30_000 });
  return {
    post: (path, body) =>
      new Promise((resolve, reject) => {
        const chunks: Buffer[] = [];
        let status = 0;
        pool.dispatch(
          { path, method: 'POST', headers, body },
          {
            onRequestStart: () => {},
            onResponseStart: (_controller, statusCode) => {
              status = statusCode;
            },
            onResponseData: (_controller, chunk) => {
              chunks.push(chunk);
            },
            onResponseEnd: () => resolve({ status, body: join(chunks) }),
            onResponseError: (_controller, error) => reject(error),
          },
        );
      }),
    close: () => pool.close(),
  };
}

function join(chunks: Buffer[]): Buffer {
  const [first] = chunks;
  return chunks.length === 1 && first ? first : Buffer.concat(chunks);
}
