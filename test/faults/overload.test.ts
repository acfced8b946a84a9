/** Faults of too much: what there is no time for is refused at once, and everything else is answered as ever. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type AttackWorld, startAttackWorld } from '../support/attack-world.ts';
import { openRaw } from '../support/raw-request.ts';
import type { Misbehaviour } from '../support/test-subgraph.ts';

let world: AttackWorld;
beforeAll(async () => {
  // A dear operation costs nearly 2,000, the highest allowed.
  world = await startAttackWorld({ dev: true, config: { overload: { maxCostInFlight: 20_000 } } });
});
afterAll(() => world.close());

const dear = { query: '{users(first:64){id friends(first:29){id}}}' };
const light = { query: '{docs{id}}' };

/** The time of this thread, in which clients, gateway and subgraphs are together. */
async function cpuMsOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.threadCpuUsage();
  await work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}

/** The times that light queries take one after the other, the shortest first. */
async function lightTimesMs(count: number): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < count; round += 1) {
    times.push(await cpuMsOf(async () => expect((await world.ask({ body: light })).status).toBe(200)));
  }
  return times.sort((a, b) => a - b);
}

const at = (times: readonly number[], share: number): number =>
  times[Math.floor(times.length * share)] ?? Number.NaN;

function toBytes(body: object): string {
  const text = JSON.stringify(body);
  return `POST /graphql HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
}

test('C-18 200 of the dearest queries at once: the surplus is refused at once, light queries do not notice', async () => {
  const connections = Array.from({ length: 200 }, () => openRaw(world.gateway.url));
  for (let round = 0; round < 10; round += 1) await world.ask({ body: dear });
  for (const connection of connections) {
    connection.send(toBytes(light));
    await connection.waitFor('"d1"');
  }
  await lightTimesMs(300);
  const idle = await lightTimesMs(300);
  const held: Parameters<Misbehaviour>[] = [];
  world.subgraph('users').misbehave((...exchange) => held.push(exchange));

  const refusedMs: number[] = [];
  const bytes = toBytes(dear);
  const asked = connections.map(async (connection) => {
    refusedMs.push(
      await cpuMsOf(async () => {
        connection.send(bytes);
        await connection.waitFor('"OVERLOADED"');
      }),
    );
    expect(connection.received()).toMatch(/HTTP\/1.1 503[\s\S]*retry-after: 1\r\n/);
  });
  await vi.waitFor(() => expect([held.length, refusedMs.length]).toEqual([10, 190]));
  expect(Math.max(...refusedMs)).toBeLessThan(100);

  const busy = await lightTimesMs(300);
  expect(at(busy, 0.99)).toBeLessThan(2 * at(idle, 0.99));

  world.subgraph('users').misbehave(undefined);
  for (const [, response] of held) response.end('{"data":{"users":[]}}');
  const ends = await Promise.allSettled(
    asked.map(async (refusal, index) => {
      await Promise.race([refusal, connections[index]?.waitFor('{"data":{"users":[]}}')]);
    }),
  );
  expect(ends.filter(({ status }) => status === 'rejected')).toEqual([]);
  expect((await world.ask({ body: dear })).status).toBe(200);
  for (const connection of connections) connection.abort();
  await Promise.allSettled(asked);
});
