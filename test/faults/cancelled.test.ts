/** Faults of clients that go away in the middle: the work for them ends, but for what must not end halfway. */
import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type AttackWorld, startAttackWorld } from '../support/attack-world.ts';
import { openRaw } from '../support/raw-request.ts';

let world: AttackWorld;
const unhandled: unknown[] = [];
const noteUnhandled = (reason: unknown): void => void unhandled.push(reason);

beforeAll(async () => {
  process.on('unhandledRejection', noteUnhandled);
  world = await startAttackWorld({
    dev: true,
    config: { limits: { requestTimeoutMs: 1_000 }, subgraphs: { timeoutMs: 10_000 } },
  });
});
afterEach(() => {
  for (const subgraph of world.subgraphs) subgraph.misbehave(undefined);
});
afterAll(async () => {
  process.off('unhandledRejection', noteUnhandled);
  await world.close();
});

function toRequest(query: string): string {
  const body = JSON.stringify({ query });
  return [
    'POST /graphql HTTP/1.1',
    'Host: gateway',
    `Authorization: Bearer ${world.token('user')}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}

interface HeldFetch {
  readonly response: ServerResponse;
  isAborted(): boolean;
}

/** Sends the query and waits until the subgraph has heard of it, which then says nothing. */
async function sendAndHold(subgraph: string, query: string) {
  const fetch = Promise.withResolvers<HeldFetch>();
  world.subgraph(subgraph).misbehave((_request, response) => {
    let aborted = false;
    response.on('close', () => {
      aborted = !response.writableFinished;
    });
    fetch.resolve({ response, isAborted: () => aborted });
  });
  const client = openRaw(world.gateway.url);
  client.send(toRequest(query));
  return { client, fetch: await fetch.promise };
}

const lastLine = (): Record<string, unknown> | undefined =>
  world.gateway.log().findLast(({ msg }) => msg === 'operation');

test('H-17 the fetch of a query is aborted when the client goes away, and none follows', async () => {
  const { client, fetch } = await sendAndHold('orders', '{ orders { id user { id name } } }');
  const fetchesBefore = world.fetches();
  const linesBefore = world.gateway.log().length;

  client.abort();

  await vi.waitFor(() => expect(fetch.isAborted()).toBe(true));
  await vi.waitFor(() => expect(lastLine()).toMatchObject({ status: 499, codes: ['CLIENT_GONE'] }));
  expect(world.fetches()).toBe(fetchesBefore);
  // It is no fault of the subgraph, and is not told as one.
  expect(
    world.gateway
      .log()
      .slice(linesBefore)
      .filter(({ level }) => level !== 'info'),
  ).toEqual([]);
  const metrics = await (await globalThis.fetch(`${world.gateway.adminUrl}/metrics`)).text();
  expect(metrics).toContain('minigate_subgraph_fetches_total{subgraph="orders",outcome="CANCELLED"} 1');
  expect(unhandled).toEqual([]);
});

test('H-17 a mutation comes to its end, with all that its answer needs, when the client goes away', async () => {
  const { client, fetch } = await sendAndHold('users', 'mutation { touchUser { id orders { id } } }');
  const fetchesBefore = world.subgraph('orders').received.length;

  client.abort();
  // What came after the end of the connection has been dealt with; the mutation has not ended.
  expect((await world.askCanary()).status).toBe(200);
  expect(lastLine()).toMatchObject({ operationName: 'Canary', status: 200 });
  world.subgraph('users').misbehave(undefined);
  fetch.response.setHeader('content-type', 'application/json');
  fetch.response.end('{"data":{"touchUser":{"__typename":"User","id":"1"}}}');

  await vi.waitFor(() => expect(world.subgraph('orders').received.length).toBe(fetchesBefore + 1));
  expect(fetch.isAborted()).toBe(false);
  await vi.waitFor(() => expect(lastLine()).toMatchObject({ codes: ['CLIENT_GONE'] }));
  expect(unhandled).toEqual([]);
});

test('H-17 the fetch of a query is aborted when the time of the request is over', async () => {
  const { client, fetch } = await sendAndHold('content', '{ docs { id } }');
  await vi.waitFor(() => expect(fetch.isAborted()).toBe(true), { timeout: 5_000 });
  await client.waitFor('"data":null}');
  expect(client.received()).toContain('"SUBGRAPH_TIMEOUT"');
  client.abort();
});
