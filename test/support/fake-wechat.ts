/** A server that answers in WeChat's place, for what the simulator is too honest to do. */
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { selfSigned } from './self-signed.ts';

export interface FakeWechat {
  readonly url: string;
  /** Requests so far. */
  requests(): number;
  /** The most requests that were open at the same time. */
  mostAtOnce(): number;
  close(): Promise<void>;
}

export async function startFakeWechat(
  answer: RequestListener,
  { tls = false }: { readonly tls?: boolean } = {},
): Promise<FakeWechat> {
  const counts = { requests: 0, open: 0, mostAtOnce: 0 };
  const listener: RequestListener = (request, response) => {
    counts.requests += 1;
    counts.open += 1;
    counts.mostAtOnce = Math.max(counts.mostAtOnce, counts.open);
    response.on('close', () => {
      counts.open -= 1;
    });
    answer(request, response);
  };
  const server: Server = tls ? createTlsServer(selfSigned, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    requests: () => counts.requests,
    mostAtOnce: () => counts.mostAtOnce,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
