/** Stands between a gateway and a subgraph and changes what the subgraph answers. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { request } from 'undici';

/** What the gateway is sent in place of a body; bytes where it need not be text. */
export type Tamper = (body: string) => string | Buffer;

export interface TamperingProxy {
  readonly url: string;
  close(): Promise<void>;
}

export async function startTamperingProxy(targetUrl: string, tamper: Tamper): Promise<TamperingProxy> {
  const server = createServer(async (incoming, outgoing) => {
    const body = tamper(await forward(targetUrl, incoming));
    outgoing.writeHead(200, { 'content-type': 'application/json' });
    outgoing.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function forward(url: string, incoming: IncomingMessage): Promise<string> {
  const response = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: await text(incoming),
  });
  return response.body.text();
}
