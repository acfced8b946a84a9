import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createSubgraphClient } from '../../../gateway/upstream/subgraph-client.ts';

const connections = 100;

test('what is given up while it waits for a connection is not sent when one is free', async () => {
  let arrived = 0;
  const server = createServer((_request, response) => {
    arrived += 1;
    if (arrived > connections) response.end('{"data":{"a":1}}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const client = createSubgraphClient({
    internalKey: undefined,
    timeoutMs: 400,
    maxResponseBytes: 1_000,
    onFetch: () => {},
  });
  const target = { name: 'hung', url: new URL(`http://127.0.0.1:${port}/graphql`) };
  const send = (deadlineMs: number) =>
    client.send(target, '{"query":"mutation{a}"}', {
      caller: { kind: 'guest' },
      requestId: 'r',
      idempotencyKey: undefined,
      deadlineMs,
    });
  const now = performance.now();

  const hung = Array.from({ length: connections }, () => send(now + 10_000));
  const waiting = Array.from({ length: 50 }, () => send(now + 150));
  const given = await Promise.all([...hung, ...waiting]);
  expect(given.map(({ fault }) => fault)).toEqual(given.map(() => 'SUBGRAPH_TIMEOUT'));

  // Comes after all that waited.
  expect((await send(now + 10_000)).data).toEqual({ a: 1 });
  expect(arrived).toBe(connections + 1);

  await client.close();
  server.closeAllConnections();
  server.close();
});
