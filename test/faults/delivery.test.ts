/** Faults between registry and gateways: what was served is served on, told of, and tried again. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { buildBundle } from '../../registry/bundle/build-bundle.ts';
import { signPayload } from '../../registry/bundle/write-bundle.ts';
import {
  type DeliveredGateway,
  type DeliveredGatewayOptions,
  startDeliveredGateway,
} from '../support/delivered-gateway.ts';
import { goodbye, greetingGraph, hello, toGreetings } from '../support/greeting-graph.ts';
import { type StandInRegistry, startStandInRegistry } from '../support/stand-in-registry.ts';
import { startTestSubgraph, type TestSubgraph } from '../support/test-subgraph.ts';

let subgraph: TestSubgraph;
let registry: StandInRegistry;
const running = new Set<DeliveredGateway>();

beforeAll(async () => {
  subgraph = await startTestSubgraph(greetingGraph);
});
beforeEach(async () => {
  registry = await startStandInRegistry();
  await registry.publish(toGreetings(subgraph.url, ['hello']));
});
afterEach(async () => {
  await Promise.all([...running].map((gateway) => gateway.close()));
  running.clear();
  await registry.close();
});
afterAll(async () => {
  await subgraph?.close();
});

async function start(options?: DeliveredGatewayOptions): Promise<DeliveredGateway> {
  const gateway = await startDeliveredGateway(registry, options);
  running.add(gateway);
  return gateway;
}

const both = () => toGreetings(subgraph.url, ['hello', 'goodbye']);
const newFile = (): string => join(mkdtempSync(join(tmpdir(), 'minigate-copy-')), 'bundle');
const troubles = (gateway: DeliveredGateway): unknown[] =>
  gateway
    .log()
    .filter(({ msg }) => msg === 'no other schema could be put in force; the current one stays')
    .map(({ code }) => code);
/** Waits until it says so, asking for what is served all along. */
async function untilTrouble(gateway: DeliveredGateway, code: string): Promise<void> {
  await vi.waitFor(
    async () => {
      expect(await gateway.ask(hello)).toEqual({ hello: 'hello' });
      expect(troubles(gateway)).toContain(code);
    },
    { timeout: 10_000 },
  );
}
async function untilGoodbye(gateway: DeliveredGateway): Promise<void> {
  await vi.waitFor(async () => expect(await gateway.ask(goodbye)).toEqual({ goodbye: 'goodbye' }), {
    timeout: 10_000,
  });
}

const redirect: RequestListener = (_, response) => response.writeHead(307, { location: registry.url }).end();
const never304: RequestListener = (_, response) => response.writeHead(304).end();
const page: RequestListener = (_, response) => response.writeHead(200).end('<html>\n502</html>');
const empty: RequestListener = (_, response) => response.writeHead(200).end();
const halfway: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-length': '1000000' }).write('{');
  response.socket?.destroySoon();
};
/** Some bytes at a time, without an end. */
const drip: RequestListener = (_, response) => {
  response.writeHead(200);
  const timer = setInterval(() => response.write(Buffer.alloc(1_000)), 10);
  response.on('close', () => clearInterval(timer));
};
const silent: RequestListener = () => {};
const flood: RequestListener = (_, response) => response.writeHead(200).end(Buffer.alloc(3_000_000));

test.each([
  [
    'a 500',
    (_: unknown, response: Parameters<RequestListener>[1]) => response.writeHead(500).end(),
    'REGISTRY_AWAY',
  ],
  [
    'a 401',
    (_: unknown, response: Parameters<RequestListener>[1]) => response.writeHead(401).end(),
    'REGISTRY_REFUSED',
  ],
  ['a redirect', redirect, 'REGISTRY_BAD_ANSWER'],
  ['nothing in the body', empty, 'BUNDLE_UNREADABLE'],
  ['a page of a proxy', page, 'BUNDLE_UNREADABLE'],
  ['a body that breaks off', halfway, 'REGISTRY_AWAY'],
  ['a body that never ends', drip, 'REGISTRY_AWAY'],
  ['nothing at all', silent, 'REGISTRY_AWAY'],
  ['more than a bundle may have', flood, 'REGISTRY_BAD_ANSWER'],
])(
  'B-37 the registry delivers %s: the current one is kept, told of, and asked for again',
  async (_, answer, code) => {
    const gateway = await start({ bundles: { timeoutMs: 300, maxBytes: 2_000_000 } });
    registry.misbehave(answer);
    await untilTrouble(gateway, code);
    expect((await gateway.inspect()).source).toMatchObject({ kind: 'registry', trouble: { code } });

    await registry.publish(both());
    registry.misbehave(undefined);
    await untilGoodbye(gateway);
    await vi.waitFor(async () => expect((await gateway.inspect()).source).not.toHaveProperty('trouble'), {
      timeout: 20_000,
    });
  },
);

test('B-37 a registry that says "unchanged" to whoever has nothing gives nothing to start from', async () => {
  registry.misbehave(never304);
  await expect(start()).rejects.toThrow('Nothing can be served, and no copy of a bundle is on disk.');
});

const bundleOf = (what: { environment?: string; sequence?: number; supergraphSdl?: string }) =>
  buildBundle(
    {
      ...{ environment: 'release', sequence: 2, createdAt: new Date().toISOString() },
      ...both(),
      ...what,
    },
    registry.signingKey,
  );
const altered = async (): Promise<Buffer> => {
  const bytes = await bundleOf({});
  return Buffer.from(bytes.toString('latin1').replace('127.0.0.1', '127.0.0.2'), 'latin1');
};
const bySomebodyElse = async (): Promise<Buffer> => {
  const bytes = await bundleOf({});
  return signPayload(bytes.subarray(bytes.indexOf('\n') + 1), generateKeyPairSync('ed25519').privateKey);
};
/** With another word on its plans, and signed all the same. */
const rewrite = (bytes: Buffer, prepared: object): Buffer => {
  const [, first = '', ...plans] = bytes.toString().split('\n');
  const bundle = JSON.parse(first);
  const altered = JSON.stringify({ ...bundle, prepared: { ...bundle.prepared, ...prepared } });
  return signPayload(Buffer.from([altered, ...plans].join('\n')), registry.signingKey);
};
/** A registry that is itself at fault. */
const withoutSense = async (): Promise<Buffer> => {
  return rewrite(await bundleOf({}), { apiSchemaSdl: 'type Query { hello: Nowhere }' });
};

test.each([
  ['P-12', 'a bundle that was altered', altered, 'BUNDLE_BAD_SIGNATURE'],
  ['P-12', 'a bundle that somebody else signed', bySomebodyElse, 'BUNDLE_UNKNOWN_KEY'],
  ['B-37', 'a half of a bundle', async () => (await bundleOf({})).subarray(0, 900), 'BUNDLE_BAD_SIGNATURE'],
  [
    'B-37',
    'a bundle of another environment',
    () => bundleOf({ environment: 'trial' }),
    'BUNDLE_OTHER_ENVIRONMENT',
  ],
  ['B-37', 'another bundle of the same number', () => bundleOf({ sequence: 1 }), 'BUNDLE_OLDER'],
  ['B-37', 'a schema that makes no sense', withoutSense, 'UNSERVABLE'],
])(
  '%s %s is not served: the current one is kept, told of, and the next good one taken',
  async (_id, _what, toBytes, code) => {
    const gateway = await start();
    registry.deliver(await toBytes());
    await untilTrouble(gateway, code);
    expect(await gateway.ask(goodbye)).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect(await gateway.metric(`minigate_supply_troubles_total{code="${code}"}`)).toBeGreaterThanOrEqual(1);

    registry.deliver(await bundleOf({ sequence: 3 }));
    await untilGoodbye(gateway);
  },
);

test('B-37 an older bundle is not served again, and going back is a newer one', async () => {
  const first = await registry.publish(toGreetings(subgraph.url, ['hello']));
  const gateway = await start();
  await registry.publish(both());
  await untilGoodbye(gateway);
  registry.deliver(first);
  await untilTrouble(gateway, 'BUNDLE_OLDER');

  await registry.publish(toGreetings(subgraph.url, ['hello']));
  await vi.waitFor(async () => expect(await gateway.ask(goodbye)).toBe('PERSISTED_QUERY_NOT_FOUND'), {
    timeout: 20_000,
  });
  expect((await gateway.inspect()).sequence).toBe(4);
});

test('B-35 a gateway starts from its copy on disk while the registry is away, and follows when it is back', async () => {
  const copyFile = newFile();
  const before = await start({ copyFile });
  const served = await before.inspect();
  expect(readFileSync(copyFile)).toEqual(await (await fetchBundle()).bytes());
  await registry.stop();
  await untilTrouble(before, 'REGISTRY_AWAY');

  const started = await start({ copyFile });
  expect(await started.ask(hello)).toEqual({ hello: 'hello' });
  expect(await started.inspect()).toMatchObject({ version: served.version, sequence: 1, warmOperations: 1 });

  await registry.start();
  await registry.publish(both());
  await Promise.all([untilGoodbye(before), untilGoodbye(started)]);
});

async function fetchBundle() {
  const response = await fetch(`${registry.url}/v1/environments/release/bundle`, {
    headers: { authorization: `Bearer ${registry.trust.token}` },
  });
  return { bytes: async () => Buffer.from(await response.arrayBuffer()) };
}

test('P-12 a copy on disk that was altered is not started from', async () => {
  const copyFile = newFile();
  await start({ copyFile });
  writeFileSync(copyFile, readFileSync(copyFile, 'utf8').replace('hello', 'hallo'));
  const started = await start({ copyFile });
  expect(started.log()).toContainEqual(
    expect.objectContaining({ level: 'error', msg: 'the copy of the bundle on disk is of no use' }),
  );
  await registry.stop();
  await expect(start({ copyFile: newFile() })).rejects.toThrow('Nothing can be served');
});

test('B-37 a registry that lost what it knew and delivers from number 1 on is not followed back', async () => {
  const copyFile = newFile();
  await registry.publish(both());
  const first = await start({ copyFile });
  await first.close();
  running.delete(first);
  registry.deliver(await bundleOf({ sequence: 1, ...toGreetings(subgraph.url, ['hello']) }));
  const gateway = await start({ copyFile });
  expect(await gateway.ask(goodbye)).toEqual({ goodbye: 'goodbye' });
  expect((await gateway.inspect()).source.trouble?.code).toBe('BUNDLE_OLDER');
});

test('B-59 without a registry for 24 hours all is served, the age is measured, and the alarm given each hour', async () => {
  let nowMs = Date.now();
  const gateway = await start({ now: () => nowMs });
  await registry.stop();
  await untilTrouble(gateway, 'REGISTRY_AWAY');
  for (let hour = 0; hour < 24; hour += 1) {
    nowMs += 60 * 60_000;
    await vi.waitFor(() => expect(alarms(gateway)).toHaveLength(hour + 1), { timeout: 5_000 });
  }
  expect(await gateway.ask(hello)).toEqual({ hello: 'hello' });
  expect(await gateway.metric('minigate_supergraph_age_seconds')).toBeGreaterThanOrEqual(24 * 3_600);
  expect(await gateway.metric('minigate_supply_silent_seconds')).toBeGreaterThanOrEqual(24 * 3_600);
}, 60_000);

const alarms = (gateway: DeliveredGateway): unknown[] =>
  gateway
    .log()
    .filter(({ level, msg }) => level === 'error' && String(msg).includes('was not heard of for long'));

test('P-20 a signed supergraph that lost what clients ask is served, and each operation that it lost is told of', async () => {
  const gateway = await start();
  await registry.publish({ ...toGreetings(subgraph.url, ['goodbye']), manifests: both().manifests });
  await untilGoodbye(gateway);
  expect(gateway.log()).toContainEqual(
    expect.objectContaining({
      level: 'warn',
      operation: 'Hello',
      msg: 'a registered operation does not fit the schema',
    }),
  );
  expect((await gateway.inspect()).warmOperations).toBe(1);
});

test('B-42 a bundle that cannot be built for want of memory is tried again and again, and the next good one served', async () => {
  const gateway = await start({ config: { planner: { maxHeapMb: 8 } } });
  // Plans of another format are of no use, so that the planner is needed, which does not start in so little memory.
  registry.deliver(rewrite(await bundleOf({}), { planFormat: 1_000 }));
  await untilTrouble(gateway, 'UNSERVABLE');
  const attempts = () => registry.asked.filter(({ status }) => status === 200).length;
  const before = attempts();
  await vi.waitFor(() => expect(attempts()).toBeGreaterThan(before + 1), { timeout: 10_000 });
  expect(await gateway.ask(hello)).toEqual({ hello: 'hello' });

  registry.deliver(await bundleOf({ sequence: 3 }));
  await untilGoodbye(gateway);
});

test('B-42 plans that this gateway cannot read are made here, before they are needed', async () => {
  const gateway = await start();
  registry.deliver(rewrite(await bundleOf({}), { planFormat: 1_000 }));
  await untilGoodbye(gateway);
  expect(await gateway.inspect()).toMatchObject({ sequence: 2, warmOperations: 2 });
});
