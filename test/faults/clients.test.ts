/** Faults of clients: whoever goes away leaves nothing behind. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type AttackWorld, startAttackWorld } from '../support/attack-world.ts';
import { answering } from '../support/misbehaviours.ts';
import { openRaw } from '../support/raw-request.ts';
import type { Misbehaviour } from '../support/test-subgraph.ts';

let world: AttackWorld;
const warnings: Error[] = [];
const noteWarning = (warning: Error): void => void warnings.push(warning);

beforeAll(async () => {
  process.on('warning', noteWarning);
  world = await startAttackWorld({ dev: true });
});
afterAll(async () => {
  process.off('warning', noteWarning);
  await world.close();
});

const body = '{"query":"{docs{id}}"}';
const request = `POST /graphql HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const good = answering({ data: { docs: [{ id: 'd1' }] } });

/** Sends so many requests, of which every second client goes away before the subgraph answers. */
async function sendHalfAborted(count: number): Promise<number[]> {
  const content = world.subgraph('content');
  const held: Parameters<Misbehaviour>[] = [];
  const allHeld = Promise.withResolvers<void>();
  content.misbehave((...exchange) => {
    if (held.push(exchange) === count) allHeld.resolve();
  });
  const connections = Array.from({ length: count }, () => openRaw(world.gateway.url));
  for (const connection of connections) connection.send(request);
  await allHeld.promise;

  const [stay, leave] = [0, 1].map((parity) => connections.filter((_, index) => index % 2 === parity));
  for (const connection of leave ?? []) connection.abort();
  for (const exchange of held) good(...exchange);
  content.misbehave(undefined);
  const answers = await Promise.all((stay ?? []).map(({ answer }) => answer));
  return answers.map(({ status }) => status);
}

function countResources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) {
    if (name !== 'Immediate' && name !== 'TickObject') counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

test('B-49 half of the clients abort: the others are answered, and no socket or timer is left', async () => {
  const count = 60;
  // The pool to the subgraph keeps its connections; the first round opens them.
  await sendHalfAborted(count);
  await vi.waitFor(() => expect(countResources().TCPSocketWrap).toBeLessThanOrEqual(2 * count + 20));
  const before = countResources();

  for (let round = 0; round < 5; round += 1) {
    expect(await sendHalfAborted(count)).toEqual(Array.from({ length: count / 2 }, () => 200));
  }

  await vi.waitFor(() => {
    const grown = Object.entries(countResources()).filter(([name, left]) => left > (before[name] ?? 0));
    expect(grown).toEqual([]);
  });
  expect(warnings.map(({ message }) => message)).toEqual([]);
  expect((await world.askCanary()).status).toBe(200);
});
