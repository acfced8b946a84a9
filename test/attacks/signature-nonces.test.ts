/** Replays against what remembers nonces: two gateways on one Redis, a Redis that is away, floods, clocks that are set. */
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCheckSignature } from '../../gateway/admission/signature.ts';
import { createSignatureKeys, type MasterKey } from '../../gateway/admission/signature-keys.ts';
import { createMemoryNonces } from '../../gateway/admission/signature-nonces.ts';
import { createRedisNonces } from '../../gateway/admission/signature-redis-nonces.ts';
import { nonceKeptMs, signatureWindowMs } from '../../gateway/admission/verify-signature.ts';
import { connectRedis } from '../../gateway/store/redis.ts';
import { createAttack } from '../support/attack.ts';
import { appId } from '../support/attack-world.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { describeWith } from '../support/services.ts';
import { type ClientRequest, type SigningKey, signClientRequest } from '../support/sign-client-request.ts';

const audience = 'https://api.example.com';
const oldKey: MasterKey = { id: 'k1', secret: 'the master key before it, 32 characters' };
const newKey: MasterKey = { id: 'k2', secret: 'the master key in force, 32 characters' };
const start = Date.UTC(2026, 10, 24, 12);

type CheckOptions = Parameters<typeof createCheckSignature>[0];

/** A gateway's check with clocks at hand. */
function createGate(options: Partial<CheckOptions> & { masterKeys?: [MasterKey, ...MasterKey[]] } = {}) {
  const clock = { wallMs: start, monotonicMs: 0 };
  const now = (): number => clock.wallMs;
  const nonces = createMemoryNonces({ windowMs: signatureWindowMs, maxNonces: 1_000, now });
  const steps: number[] = [];
  const losses: unknown[] = [];
  const keys = createSignatureKeys(options.masterKeys ?? [newKey, oldKey]);
  const check = createCheckSignature({
    keys,
    nonces,
    audience,
    isRequired: () => true,
    now,
    monotonicNow: () => clock.monotonicMs,
    onClockStep: (stepMs) => steps.push(stepMs),
    onNoncesLost: (error) => losses.push(error),
    ...options,
  });
  const pass = (ms: number): void => {
    clock.wallMs += ms;
    clock.monotonicMs += ms;
  };
  pass(1_000);
  return { clock, nonces, steps, losses, keys, pass, check: (request: Sent) => outcomeOf(check, request) };
}

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly route: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

async function outcomeOf(check: ReturnType<typeof createCheckSignature>, request: Sent): Promise<string> {
  try {
    const signature = check(request);
    await signature?.spent;
    return `session ${signature?.sessionId}`;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

function keyOf(masterKey: MasterKey, sessionId = 's1'): SigningKey {
  const { keyId, key } = createSignatureKeys([masterKey]).issue(sessionId, 'wx1');
  return { signingKey: key.toString('base64'), signingKeyId: keyId, signingAudience: audience };
}

function send(signed: Partial<ClientRequest> = {}, by = keyOf(newKey), mac?: string): Sent {
  const body = '{"documentId":"sha256:0"}';
  const request = { body, timestamp: start / 1000 + 1, nonce: randomUUID(), ...signed };
  const signature = signClientRequest(request, by, mac);
  const headers = { 'minigate-signature': signature };
  return { method: 'POST', url: '/graphql', route: '/graphql', headers, body: Buffer.from(body) };
}

test('S-02 of a hundred that race with one nonce one passes', async () => {
  const gate = createGate();
  const request = send();
  const outcomes = await Promise.all(Array.from({ length: 100 }, () => gate.check(request)));
  expect(outcomes.filter((outcome) => outcome === 'session s1')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === 'REPLAYED')).toHaveLength(99);
});

test('S-04 a nonce is kept until its timestamp is refused, also one that was ahead', async () => {
  const gate = createGate();
  const request = send({ timestamp: start / 1000 + 301 });
  expect(await gate.check(request)).toBe('session s1');
  gate.pass(600_000);
  expect(await gate.check(request)).toBe('REPLAYED');
  gate.pass(1);
  expect(await gate.check(request)).toBe('SIGNATURE_INVALID');
  expect(nonceKeptMs).toBeGreaterThan(2 * signatureWindowMs);
});

test('S-10 keys of both master keys hold while both are set, and those of one that was taken out do not', async () => {
  const both = createGate({ masterKeys: [newKey, oldKey] });
  expect(await both.check(send({}, keyOf(newKey)))).toBe('session s1');
  expect(await both.check(send({}, keyOf(oldKey)))).toBe('session s1');
  expect(both.keys.issue('s2', 'wx1').keyId).toBe('k2.wx1.s2');

  const after = createGate({ masterKeys: [newKey] });
  expect(await after.check(send({}, keyOf(newKey)))).toBe('session s1');
  expect(await after.check(send({}, keyOf(oldKey)))).toBe('SIGNATURE_INVALID');
});

test('S-10 a master key that is replaced under the same id takes its keys with it', async () => {
  const gate = createGate({ masterKeys: [{ ...newKey, secret: 'another secret of 32 characters, ok' }] });
  expect(await gate.check(send({}, keyOf(newKey)))).toBe('SIGNATURE_INVALID');
});

test('S-12 what cannot be remembered is not run: a full store refuses with 503 and forgets nothing', async () => {
  const now = (): number => start + 1_000;
  const gate = createGate({ nonces: createMemoryNonces({ windowMs: 300_000, maxNonces: 1, now }) });
  const first = send();
  expect(await gate.check(first)).toBe('session s1');
  expect(await gate.check(send())).toBe('SESSION_UNAVAILABLE');
  expect(await gate.check(first)).toBe('REPLAYED');
  expect(gate.losses).toEqual([new Error('More than 1 nonces are in use.')]);
});

test('S-13 of twenty thousand nonces with signatures that do not hold none is stored', async () => {
  const gate = createGate();
  const by = keyOf(newKey);
  for (let count = 0; count < 20_000; count += 1) {
    const outcome = await gate.check(send({}, by, 'f'.repeat(64)));
    if (outcome !== 'SIGNATURE_INVALID') throw new Error(outcome);
  }
  expect(gate.nonces.size).toBe(0);
  expect(await gate.check(send())).toBe('session s1');
  expect(gate.nonces.size).toBe(1);
}, 60_000);

for (const stepMs of [600_000, -600_000]) {
  test(`S-14 a clock that is set by ${stepMs / 60_000} minutes lets no nonce in again, refuses by the new time, and is told of`, async () => {
    const gate = createGate();
    const request = send();
    expect(await gate.check(request)).toBe('session s1');
    gate.clock.wallMs += stepMs;
    expect(await gate.check(request)).toBe('SIGNATURE_INVALID');
    const timestamp = Math.floor(gate.clock.wallMs / 1000);
    expect(await gate.check(send({ timestamp }))).toBe(
      // What was used ten minutes before the process started cannot be known.
      stepMs > 0 ? 'session s1' : 'SIGNATURE_INVALID',
    );
    expect(gate.steps).toEqual([stepMs]);
  });
}

test('S-14 a clock that goes ahead and comes back lets no nonce in again', async () => {
  const gate = createGate();
  const request = send();
  expect(await gate.check(request)).toBe('session s1');
  gate.clock.wallMs += 600_000;
  expect(await gate.check(send({ timestamp: start / 1000 + 601 }))).toBe('session s1');
  gate.clock.wallMs -= 600_000;
  expect(await gate.check(request)).toBe('SIGNATURE_INVALID');
  expect(await gate.check(send({ timestamp: start / 1000 + 2 }))).toBe('session s1');
  expect(gate.steps).toEqual([600_000, -600_000]);
});

test('S-14 a clock that is only late to be read is not told of', async () => {
  const gate = createGate();
  await gate.check(send());
  gate.pass(100_000);
  gate.clock.wallMs += 9_000;
  await gate.check(send());
  expect(gate.steps).toEqual([]);
});

const attack = createAttack({
  dev: true,
  config: {
    redis: { url: 'redis://127.0.0.1:1' },
    signing: { audience, keys: [newKey] },
  },
});

for (const query of ['{ me { name } }', 'mutation { deleteDoc(id: "d1") }']) {
  attack('S-12', `while Redis is away ${query} is not run when it is signed`, {
    // Nobody can log in then; who did before has this key.
    send: () => {
      const { keyId, key } = createSignatureKeys([newKey]).issue('s1', appId);
      const by = { signingKey: key.toString('base64'), signingKeyId: keyId, signingAudience: audience };
      const body = JSON.stringify({ query });
      const request = { body, timestamp: Math.floor(Date.now() / 1000), nonce: randomUUID() };
      return { body, headers: { 'minigate-signature': signClientRequest(request, by) } };
    },
    expect: { status: 503, code: 'SESSION_UNAVAILABLE', fetches: 0 },
    also: ({ headers }) => expect(headers['retry-after']).toBe('1'),
  });
}

attack('S-12', 'while Redis is away a request that need not be signed runs', {
  send: { body: { query: '{ docs { id } }' } },
  expect: { status: 200, fetches: 1 },
});

describeWith('redis', 'nonces in Redis', (url) => {
  test('S-02 of a hundred that race on two gateways with one nonce one passes', async () => {
    const keyPrefix = `test-${randomBytes(6).toString('hex')}:`;
    const connections = await Promise.all([connect(url, keyPrefix), connect(url, keyPrefix)]);
    const gates = connections.map((redis) =>
      createGate({ nonces: createRedisNonces(redis, 2_000, () => start) }),
    );
    const request = send();
    const racers = Array.from({ length: 100 }, (_, index) => gates[index % 2]?.check(request));
    const outcomes = await Promise.all(racers);
    expect(outcomes.filter((outcome) => outcome === 'session s1')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'REPLAYED')).toHaveLength(99);
    await Promise.all(connections.map((redis) => redis.close()));
  });
});

function connect(url: string, keyPrefix: string) {
  return connectRedis({ url, keyPrefix, isCluster: false, commandTimeoutMs: 2_000, onLost: () => {} });
}

describeWith('redis-server', 'a Redis that is killed', (program) => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedisServer(program);
  });
  afterAll(() => server?.close());

  test('S-04 a nonce is kept in Redis for longer than its timestamp is taken, by its own clock', async () => {
    const redis = await connect(server.url, 'kept:');
    const gate = createGate({ nonces: createRedisNonces(redis, nonceKeptMs, () => start) });
    expect(await gate.check(send())).toBe('session s1');
    const [name] = (await server.call('KEYS', 'kept:nonce:*')) as string[];
    const leftMs = Number(await server.call('PTTL', name ?? ''));
    expect(leftMs).toBeGreaterThan(2 * signatureWindowMs + 600_000);
    expect(leftMs).toBeLessThanOrEqual(nonceKeptMs);
    await redis.close();
  });

  test('B-32 after Redis has lost its data nothing is taken that was signed before, and what is signed then is', async () => {
    const redis = await connect(server.url, 'lost:');
    const clock = { ms: start };
    const now = (): number => clock.ms;
    const gate = createGate({ nonces: createRedisNonces(redis, nonceKeptMs, now), now });
    clock.ms += 10_000;
    const used = send({ timestamp: start / 1000 + 10 });
    expect(await gate.check(used)).toBe('session s1');
    expect(await gate.check(used)).toBe('REPLAYED');
    clock.ms += 500;
    await server.call('FLUSHALL');
    expect(await gate.check(used)).toBe('SIGNATURE_INVALID');
    expect(await gate.check(send({ timestamp: start / 1000 + 9 }))).toBe('SIGNATURE_INVALID');
    clock.ms += 500;
    expect(await gate.check(send({ timestamp: start / 1000 + 11 }))).toBe('session s1');
    await redis.close();
  });

  test.each([
    ['garbage', ['SET', 'garbage']],
    ['a list', ['RPUSH', 'x']],
  ])(
    'B-33 when since when Redis remembers is %s, it remembers since then',
    async (what, [command = '', value = '']) => {
      const prefix = `since ${what}:`;
      const redis = await connect(server.url, prefix);
      const clock = { ms: start };
      const now = (): number => clock.ms;
      const gate = createGate({ nonces: createRedisNonces(redis, nonceKeptMs, now), now });
      expect(await gate.check(send())).toBe('session s1');
      const [name = ''] = (await server.call('KEYS', `${prefix}nonces:*`)) as string[];
      await server.call('DEL', name);
      await server.call(command, name, value);
      clock.ms += 5_000;
      expect(await gate.check(send({ timestamp: start / 1000 + 4 }))).toBe('SIGNATURE_INVALID');
      expect(await gate.check(send({ timestamp: start / 1000 + 5 }))).toBe('session s1');
      await redis.close();
    },
  );

  test('B-31 a Redis that is full has signed requests refused with 503, and taken once there is room', async () => {
    const redis = await connect(server.url, 'full:');
    const gate = createGate({ nonces: createRedisNonces(redis, nonceKeptMs, () => start) });
    expect(await gate.check(send())).toBe('session s1');
    await server.call('CONFIG', 'SET', 'maxmemory', '1');
    expect(await gate.check(send())).toBe('SESSION_UNAVAILABLE');
    await server.call('CONFIG', 'SET', 'maxmemory', '0');
    expect(await gate.check(send())).toBe('session s1');
    expect(gate.losses).toHaveLength(1);
    await redis.close();
  });

  test('S-13 a signature that does not hold leaves nothing in Redis', async () => {
    const redis = await connect(server.url, 'flood:');
    const gate = createGate({ nonces: createRedisNonces(redis, nonceKeptMs, () => start) });
    for (let count = 0; count < 1_000; count += 1)
      expect(await gate.check(send({}, keyOf(newKey), '0'.repeat(64)))).toBe('SIGNATURE_INVALID');
    expect(await server.call('KEYS', 'flood:nonce:*')).toEqual([]);
    await redis.close();
  });

  test('S-12 without Redis every signed request is refused with 503 at once, and runs when it is back', async () => {
    const redis = await connect(server.url, 'away:');
    const gate = createGate({ nonces: createRedisNonces(redis, nonceKeptMs, () => start) });
    expect(await gate.check(send())).toBe('session s1');
    await server.kill();
    const request = send();
    expect(await gate.check(request)).toBe('SESSION_UNAVAILABLE');
    const before = performance.now();
    expect(await gate.check(send())).toBe('SESSION_UNAVAILABLE');
    expect(performance.now() - before).toBeLessThan(2_000);
    expect(await gate.check(send({}, keyOf(newKey), '0'.repeat(64)))).toBe('SIGNATURE_INVALID');
    expect(gate.losses).toHaveLength(2);
    await server.start();
    await expect.poll(() => gate.check(send()), { timeout: 10_000 }).toBe('session s1');
    expect(await gate.check(request)).toBe('session s1');
    await redis.close();
  }, 30_000);
});

test('L-08 a key id that is known and one that is not take equally long', async () => {
  const gate = createGate();
  const known = send({}, keyOf(newKey), '0'.repeat(64));
  const unknown = send({}, keyOf({ id: 'k9', secret: newKey.secret }), '0'.repeat(64));
  const cost = async (request: Sent): Promise<number> => {
    const before = performance.now();
    for (let count = 0; count < 20; count += 1) await gate.check(request);
    return performance.now() - before;
  };
  const times = { known: [] as number[], unknown: [] as number[] };
  for (let round = 0; round < 2_000; round += 1) {
    // By chance: taken by turns, garbage would be collected in the time of the same one again and again.
    const isKnown = randomInt(2) === 0;
    const time = await cost(isKnown ? known : unknown);
    if (round >= 500) times[isKnown ? 'known' : 'unknown'].push(time);
  }
  const ratio = undisturbed(times.known) / undisturbed(times.unknown);
  expect(ratio).toBeGreaterThan(0.9);
  expect(ratio).toBeLessThan(1.1);
}, 60_000);

/** The tenth part that was quickest had the processor for itself: the clock of processor time is too coarse here. */
function undisturbed(timesMs: readonly number[]): number {
  const sorted = timesMs.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 10)] ?? Number.NaN;
}
