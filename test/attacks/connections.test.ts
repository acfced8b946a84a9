/** Attacks by connections: slow ones, idle ones, too many, and one that never ends. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import { startAttackWorld } from '../support/attack-world.ts';
import { watchEventLoop } from '../support/event-loop-hold.ts';
import { openRaw, type RawConnection } from '../support/raw-request.ts';

const head = 'POST /graphql HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n';
const toRequest = (body: object, ...headers: string[]): string => {
  const text = JSON.stringify(body);
  return `${head}${headers.map((header) => `${header}\r\n`).join('')}Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
};
const light = { query: '{docs{id}}' };

/** All that are there whole, in their order. */
function answersIn(
  connection: RawConnection,
): { requestId: string | undefined; userId: string | undefined }[] {
  const texts = connection.received().split('HTTP/1.1 ').slice(1);
  return texts
    .filter((text) => text.trimEnd().endsWith('}'))
    .map((text) => ({
      requestId: /x-request-id: (\w+)/.exec(text)?.[1],
      userId: /"user":{"id":"(\w+)"/.exec(text)?.[1],
    }));
}

/** Adds a byte again and again, until the other side has had enough. */
function trickle(connection: RawConnection): void {
  const timer = setInterval(() => connection.send('x'), 100);
  connection.answer.finally(() => clearInterval(timer)).catch(() => {});
}

const slowness: Record<string, (connection: RawConnection) => void> = {
  'that says nothing': () => {},
  'whose headers come a byte at a time': (connection) => {
    connection.send(`${head}x-slow: `);
    trickle(connection);
  },
  'whose body comes a byte at a time': (connection) => {
    connection.send(`${head}Content-Length: 100000\r\n\r\n{"query":"`);
    trickle(connection);
  },
};

describe('H-10', () => {
  test('500 connections that are slow or idle are ended in time, and nobody else notices', async () => {
    const world = await startAttackWorld({
      dev: true,
      config: { connections: { headersTimeoutMs: 1_000, receiveTimeoutMs: 2_000, idleTimeoutMs: 500 } },
    });
    await world.askCanary();
    const fetchesBefore = world.fetches();
    const slow = Object.values(slowness).flatMap((behave) =>
      Array.from({ length: 125 }, () => {
        const connection = openRaw(world.gateway.url);
        behave(connection);
        return connection;
      }),
    );
    const idle = Array.from({ length: 125 }, () => openRaw(world.gateway.url));
    for (const connection of idle) connection.send(toRequest(light));
    await Promise.all(idle.map((connection) => connection.waitFor('"d1"')));

    const eventLoop = watchEventLoop();
    for (let round = 0; round < 100; round += 1) expect((await world.askCanary()).status).toBe(200);
    expect(eventLoop.stop()).toBeLessThan(50);

    const answers = await Promise.all(slow.map(({ answer }) => answer));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([408]));
    expect(answers[0]?.headers).toMatchObject({ connection: 'close', 'content-type': /json/ });
    expect(JSON.parse(answers[0]?.text ?? '')).toMatchObject({
      errors: [{ extensions: { code: 'REQUEST_TIMEOUT' } }],
    });
    // Ended without a word: nothing had been asked.
    expect((await Promise.all(idle.map(({ answer }) => answer))).map(({ status }) => status)).toEqual(
      idle.map(() => 200),
    );
    expect(world.fetches() - fetchesBefore).toBe(100 + idle.length);
    await world.close();
  });

  test('no more connections are open than may be', async () => {
    const world = await startAttackWorld({ dev: true, config: { connections: { maxOpen: 20 } } });
    const open = Array.from({ length: 25 }, () => openRaw(world.gateway.url));
    for (const connection of open) connection.send(toRequest(light));
    const ends = await Promise.allSettled(open.map((connection) => connection.waitFor('"d1"')));
    const closed = open.filter((_, index) => ends[index]?.status === 'rejected');
    expect(closed.length).toBeGreaterThanOrEqual(5);
    expect(closed.length).toBeLessThan(10);
    expect(closed.map((connection) => connection.received()).join('')).toBe('');

    for (const connection of open) connection.abort();
    await world.close();
  });
});

test('W-16 who still sends what is too large when the refusal comes is heard to the end, and not cut off', async () => {
  const world = await startAttackWorld({ dev: true });
  const socket = connect(Number(new URL(world.gateway.url).port), '127.0.0.1');
  const errors: unknown[] = [];
  let received = '';
  socket.on('error', (error) => errors.push(error));
  socket.on('data', (chunk) => {
    received += chunk;
    if (received.includes('PAYLOAD_TOO_LARGE')) socket.end('a'.repeat(1_000_000));
  });
  socket.write(`${head}Content-Length: 2000000\r\n\r\n${'a'.repeat(1_000_000)}`);
  await once(socket, 'close');
  expect([received.slice(0, 12), errors]).toEqual(['HTTP/1.1 413', []]);
  expect(received).toMatch(/^connection: close\r$/im);
  await world.close();
});

describe('H-12', () => {
  test('1,000 requests in a row on one socket are answered in their order, and no other gets their answers', async () => {
    const world = await startAttackWorld({
      dev: true,
      config: { overload: { maxInFlight: 2_000 }, subgraphs: { timeoutMs: 9_000 } },
    });
    const query = 'query($id: ID!) { user(id: $id) { id } }';
    const ids = Array.from({ length: 1_000 }, (_, index) => `u${index}`);
    const pipelined = openRaw(world.gateway.url);
    pipelined.send(ids.map((id) => toRequest({ query, variables: { id } }, `x-request-id: ${id}`)).join(''));

    for (let round = 0; round < 20; round += 1) {
      const { json } = await world.ask({ body: { query, variables: { id: `other${round}` } } });
      expect(json).toEqual({ data: { user: { id: `other${round}` } } });
    }

    await vi.waitFor(() => expect(answersIn(pipelined)).toHaveLength(1_000), { timeout: 10_000 });
    expect(answersIn(pipelined).map(({ requestId }) => requestId)).toEqual(ids);
    const withData = answersIn(pipelined).filter(({ userId }) => userId !== undefined);
    expect(withData.map(({ userId }) => userId)).toEqual(withData.map(({ requestId }) => requestId));
    expect(withData.length).toBeGreaterThan(500);
    pipelined.abort();
    await world.close();
  });

  test('after so many requests a socket is answered no more, and told so', async () => {
    const world = await startAttackWorld({ dev: true, config: { connections: { maxRequests: 10 } } });
    const fetchesBefore = world.fetches();
    const endless = openRaw(world.gateway.url);
    for (let round = 0; round < 20; round += 1) endless.send(toRequest(light));
    await vi.waitFor(() => expect(endless.received().match(/HTTP\/1.1 \d+/g)).toHaveLength(20));
    expect(endless.received().match(/(?<=HTTP\/1.1 )\d+/g)).toEqual(
      Array.from({ length: 20 }, (_, index) => (index < 10 ? '200' : '503')),
    );
    expect(endless.received().match(/Connection: close/g)).toHaveLength(11);
    expect(world.fetches() - fetchesBefore).toBe(10);
    endless.abort();
    await world.close();
  });
});
