import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createSubgraphClient } from '../../../gateway/upstream/subgraph-client.ts';

const connections = 100;

test('what is given up while it waits for a connection is not sent when one is free', async () => {
  const held: ServerResponse[] = [];
  let arrived = 0;
  const allTaken = Promise.withResolvers<void>();
  const server = createServer((_request, response) => {
    arrived += 1;
    if (arrived > connections) response.end('{"data":{"a":1}}');
    else if (held.push(response) === connections) allTaken.resolve();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const client = createSubgraphClient({
    internalKey: undefined,
    timeoutMs: 60_000,
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
  const inAMinute = performance.now() + 60_000;

  const first = Array.from({ length: connections }, () => send(inAMinute));
  await allTaken.promise;
  const waiting = await Promise.all(Array.from({ length: 50 }, () => send(performance.now() + 100)));
  expect(waiting.map(({ fault }) => fault)).toEqual(waiting.map(() => 'SUBGRAPH_TIMEOUT'));
  for (const response of held) response.end('{"data":{"a":0}}');
  await Promise.all(first);

  // Comes after all that waited.
  expect((await send(inAMinute)).data).toEqual({ a: 1 });
  expect(arrived).toBe(connections + 1);

  await client.close();
  server.closeAllConnections();
  server.close();
});
