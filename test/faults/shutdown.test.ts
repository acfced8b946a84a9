/** Faults at the end of a gateway's life: a real process is told to end while requests are in flight. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { configJsonSchema } from '../../gateway/config.ts';
import { attackGraph } from '../support/attack-graph.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.ts';
import { answering } from '../support/misbehaviours.ts';
import { openRaw, type RawConnection } from '../support/raw-request.ts';
import { type Misbehaviour, startTestSubgraph, type TestSubgraph } from '../support/test-subgraph.ts';

const body = '{"query":"{docs{id}}"}';
const request = `POST /graphql HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const answer = '{"data":{"docs":[{"id":"d1"}]}}';
const shuttingDown = {
  errors: [
    {
      message: 'This process is ending.',
      extensions: { code: 'SHUTTING_DOWN', userMessage: '服务繁忙，请稍后再试' },
    },
  ],
};
const good = answering({ data: { docs: [{ id: 'd1' }] } });

let subgraphs: readonly TestSubgraph[];
const running = new Set<GatewayProcess>();

beforeAll(async () => {
  subgraphs = await Promise.all(attackGraph.map(startTestSubgraph));
});
afterEach(() => {
  for (const subgraph of subgraphs) subgraph.misbehave(undefined);
  for (const gateway of running) gateway.process.kill('SIGKILL');
  running.clear();
});
afterAll(() => Promise.all(subgraphs.map((subgraph) => subgraph.close())));

async function start(...flags: string[]): Promise<GatewayProcess> {
  const gateway = await startGatewayProcess(subgraphs, flags);
  running.add(gateway);
  return gateway;
}

/** Sends a request that the subgraph has received and not yet answered; the function that it returns answers it. */
async function sendPending(gateway: GatewayProcess): Promise<{ connection: RawConnection; answer(): void }> {
  const received = Promise.withResolvers<Parameters<Misbehaviour>>();
  subgraphs.find(({ name }) => name === 'content')?.misbehave((...exchange) => received.resolve(exchange));
  const connection = openRaw(gateway.url);
  connection.send(request);
  const exchange = await received.promise;
  return { connection, answer: () => good(...exchange) };
}

const readiness = async (gateway: GatewayProcess): Promise<number> =>
  (await fetch(`${gateway.adminUrl}/health/ready`)).status;

async function untilNotReady(gateway: GatewayProcess): Promise<void> {
  while ((await readiness(gateway)) === 200);
}

async function end(gateway: GatewayProcess): Promise<{ exitCode: number | null; seconds: number }> {
  const startedAt = performance.now();
  const { exitCode } = await gateway.ended;
  return { exitCode, seconds: (performance.now() - startedAt) / 1000 };
}

describe('SIGTERM with requests in flight', () => {
  test('B-43 is not ready at once, answers what is in flight with Connection: close, and exits 0', async () => {
    const gateway = await start();
    const pending = await sendPending(gateway);
    expect(await readiness(gateway)).toBe(200);

    gateway.process.kill('SIGTERM');
    await untilNotReady(gateway);
    pending.answer();

    const { status, headers, text } = await pending.connection.answer;
    expect({ status, connection: headers.connection, text }).toEqual({
      status: 200,
      connection: 'close',
      text: answer,
    });
    expect(await end(gateway)).toEqual({ exitCode: 0, seconds: expect.toSatisfy((value) => value < 5) });
  });

  test('B-43 refuses a request whose end comes after the signal, in the shape of every refusal', async () => {
    const gateway = await start();
    const late = openRaw(gateway.url);
    late.send(request.slice(0, 60));
    const pending = await sendPending(gateway);

    gateway.process.kill('SIGTERM');
    await untilNotReady(gateway);
    late.send(request.slice(60));

    const { status, headers, text } = await late.answer;
    expect({ status, connection: headers.connection, body: JSON.parse(text) }).toEqual({
      status: 503,
      connection: 'close',
      body: shuttingDown,
    });
    pending.answer();
    expect((await end(gateway)).exitCode).toBe(0);
  });

  test('B-43 takes no new connections, and idle ones do not hold it', async () => {
    const gateway = await start();
    const idle = openRaw(gateway.url);
    idle.send(request);
    await idle.waitFor(answer);

    gateway.process.kill('SIGTERM');

    expect(await end(gateway)).toEqual({ exitCode: 0, seconds: expect.toSatisfy((value) => value < 5) });
    await expect(fetch(gateway.url)).rejects.toThrow('fetch failed');
  });
});

describe('SIGTERM with a request that never ends', () => {
  const endless = ['--subgraphs-timeout-ms', '60000', '--limits-request-timeout-ms', '60000'];
  const grace = ['--limits-shutdown-grace-ms', '300'];

  test('B-44 refuses it after the grace, logs it, and exits 0', async () => {
    const gateway = await start(...endless, ...grace);
    const { connection } = await sendPending(gateway);

    gateway.process.kill('SIGTERM');

    const { status, headers, text } = await connection.answer;
    expect({ status, connection: headers.connection, body: JSON.parse(text) }).toEqual({
      status: 503,
      connection: 'close',
      body: shuttingDown,
    });
    expect((await end(gateway)).exitCode).toBe(0);
    expect(gateway.log()).toContainEqual(
      expect.objectContaining({ msg: 'operation', status: 503, codes: ['SHUTTING_DOWN'] }),
    );
  });

  test('B-44 cuts a request of which only half has come', async () => {
    const gateway = await start(...grace);
    const half = openRaw(gateway.url);
    half.send(request.slice(0, -5));
    const other = openRaw(gateway.url);
    other.send(request);
    await other.waitFor(answer);

    gateway.process.kill('SIGTERM');

    expect((await half.answer).status).toBe(0);
    expect((await end(gateway)).exitCode).toBe(0);
  });

  test('B-44 the grace is ten seconds unless set', () => {
    expect(configJsonSchema).toMatchObject({
      properties: { limits: { properties: { shutdownGraceMs: { default: 10_000 } } } },
    });
  });
});

test.each(['SIGTERM', 'SIGINT'] as const)('a second %s ends the process at once', async (signal) => {
  const gateway = await start('--subgraphs-timeout-ms', '60000', '--limits-request-timeout-ms', '60000');
  const { connection } = await sendPending(gateway);
  gateway.process.kill(signal);
  await untilNotReady(gateway);

  gateway.process.kill(signal);

  expect((await end(gateway)).exitCode).toBe(1);
  expect((await connection.answer).status).toBe(0);
});
