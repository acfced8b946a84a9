/** Stands between two servers and loses the requests or the answers that a test wants lost. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/**
 * `lose-request`: the server never hears of it. `lose-answer`: it does what was asked, and nobody learns so.
 * A promise: the request waits for it. A function: the answer becomes what it makes of it.
 */
export type Fault = 'lose-request' | 'lose-answer' | Promise<void> | ((answer: string) => string);

export interface FaultProxy {
  readonly url: URL;
  /** By operation, from now on; the others pass. */
  faults: Readonly<Record<string, Fault>>;
  /** Operations that arrived, in their order. */
  readonly seen: string[];
  close(): Promise<void>;
}

const operations = ['reserveStock', 'confirmReservation', 'releaseReservation'];

export async function createFaultProxy(target: URL): Promise<FaultProxy> {
  const proxy = { faults: {} as Readonly<Record<string, Fault>>, seen: [] as string[] };

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const operation = operations.find((name) => body.includes(name)) ?? 'other';
    proxy.seen.push(operation);
    const fault = proxy.faults[operation];
    if (fault === 'lose-request') {
      outgoing.destroy();
      return;
    }
    if (fault instanceof Promise) await fault;
    const { host: _, connection: __, 'content-length': ___, ...headers } = incoming.headers;
    const response = await fetch(target, {
      method: 'POST',
      headers: headers as Record<string, string>,
      body,
    });
    const answer = await response.text();
    if (fault === 'lose-answer') outgoing.destroy();
    else {
      outgoing.writeHead(response.status, { 'content-type': 'application/json' });
      outgoing.end(typeof fault === 'function' ? fault(answer) : answer);
    }
  }

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(proxy, {
    url: new URL(`http://127.0.0.1:${port}${target.pathname}`),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
