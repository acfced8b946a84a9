/** Serves subgraphs that compute nothing, in this process and so on the core of the load. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Fetched {
  readonly variables?: { readonly representations?: readonly unknown[] };
}

/** @param answer by the path that is asked and the body that came */
export async function serveAnswers(answer: (path: string, fetched: Fetched) => object) {
  const server = createServer({ keepAliveTimeout: 60_000 }, async (request, response) => {
    const fetched = JSON.parse(await text(request)) as Fetched;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer(request.url ?? '', fetched)));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
