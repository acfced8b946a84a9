/** Publishes and rolls back again and again, by a real registry, while a gateway that it feeds is asked at a steady rate. */
import { setTimeout as delay } from 'node:timers/promises';
import { askAtRate, type RateOutcome } from './ask-at-rate.ts';
import { createHttpClient } from './http-client.ts';
import { askWide, type Spread, toSpread, toWideManifest } from './measure-swaps.ts';
import { createRandom } from './random.ts';
import { connections } from './run-candidate.ts';
import {
  benchEnvironment,
  type FedGateway,
  type RunningRegistry,
  runFedGateway,
  runRegistry,
} from './run-registry.ts';
import { serveAnswers } from './serve-answers.ts';
import { answerWideFetch, toWideSubgraphs } from './swap-schema.ts';

export interface PublishOptions {
  readonly changes: number;
  /** How long requests are watched without any change. */
  readonly quietMs: number;
  readonly seed: number;
}

export interface PublishOutcome {
  readonly publishes: number;
  readonly rollbacks: number;
  /** From the request to the registry until the gateway serves it. */
  readonly liveMs: Spread;
  readonly quiet: RateOutcome;
  readonly busy: RateOutcome;
  /** Of the gateway after a garbage collection, before the first change that counts and after the last. */
  readonly heapMb: { readonly before: number; readonly after: number };
}

const requestsPerSecond = 300;
const warmUpChanges = 5;
const lookEveryMs = 20;
const longestMs = 60_000;
const client = 'bench';
const clientVersion = '1';
const path = `/v1/environments/${benchEnvironment}`;

/** @param folder for databases, keys and settings @throws Error when a change is refused or not served within a minute */
export async function measurePublishes(
  { changes, quietMs, seed }: PublishOptions,
  folder: string,
  onProgress: (what: string) => void,
): Promise<PublishOutcome> {
  const subgraphs = await serveAnswers((at, { variables }) =>
    answerWideFetch(at, variables?.representations),
  );
  const registry = await runRegistry(folder);
  try {
    onProgress('the first publish of 20 subgraphs');
    await publishAll(registry, subgraphs.origin);
    const gateway = await runFedGateway(registry, folder);
    try {
      const change = createChange(registry, gateway, subgraphs.origin, seed);
      // With requests: what is measured first would else be slow for being first.
      await underLoad(gateway, async () => {
        for (let number = 0; number < warmUpChanges; number += 1) await change();
      });
      const before = await gateway.readHeapMb();
      const quiet = await underLoad(gateway, () => delay(quietMs));
      const made: { readonly kind: 'publish' | 'rollback'; readonly liveMs: number }[] = [];
      const busy = await underLoad(gateway, async () => {
        while (made.length < changes) {
          made.push(await change());
          if (made.length % 50 === 0) onProgress(`${made.length} of ${changes} publishes and rollbacks`);
        }
      });
      const publishes = made.filter(({ kind }) => kind === 'publish').length;
      return {
        ...{ publishes, rollbacks: made.length - publishes, quiet, busy },
        liveMs: toSpread(made.map(({ liveMs }) => liveMs)),
        heapMb: { before, after: await gateway.readHeapMb() },
      };
    } finally {
      await gateway.close();
    }
  } finally {
    await registry.close();
    await subgraphs.close();
  }
}

async function publishAll(registry: RunningRegistry, origin: string): Promise<void> {
  for (const { name, sdl, routingUrl } of toWideSubgraphs('a', origin))
    await registry.post(`${path}/subgraphs/${name}/publish`, { sdl, routingUrl, force: true });
  await registry.post(`${path}/operations`, {
    ...{ client, version: clientVersion, manifest: toWideManifest() },
  });
}

/** Two of three changes publish a schema that has never been, the third takes the last one back. */
function createChange(registry: RunningRegistry, gateway: FedGateway, origin: string, seed: number) {
  const random = createRandom(seed);
  const subgraphs = toWideSubgraphs('a', origin);
  let revision = 0;
  /** The version before that in force, and the one in force. */
  let versions: readonly [number | undefined, number | undefined] = [undefined, undefined];
  return async () => {
    const [to] = versions;
    const kind = to !== undefined && random.below(3) === 0 ? 'rollback' : 'publish';
    const startedAt = performance.now();
    revision += 1;
    const { name, sdl } = random.pick(subgraphs);
    const { sequence } = await (kind === 'rollback'
      ? registry.post<{ sequence: number }>(`${path}/supergraph/rollback`, { to })
      : registry.post<{ sequence: number }>(`${path}/subgraphs/${name}/publish`, {
          sdl: sdl.replace('price(', `revision${revision}: Int price(`),
        }));
    versions = [versions[1], sequence];
    while ((await gateway.readSequence()) < sequence) {
      if (performance.now() - startedAt > longestMs)
        throw new Error(`The gateway does not serve version ${sequence}.`);
      await delay(lookEveryMs);
    }
    return { kind, liveMs: performance.now() - startedAt } as const;
  };
}

async function underLoad({ url }: FedGateway, work: () => Promise<unknown>): Promise<RateOutcome> {
  const phone = createHttpClient(url, connections, {
    ...{ 'minigate-client-name': client, 'minigate-client-version': clientVersion },
  });
  const load = askAtRate(requestsPerSecond, (number) => askWide(phone, number));
  try {
    await work();
  } finally {
    // Whatever ends the work also ends the load.
    await delay(0);
  }
  const outcome = await load.stop();
  await phone.close();
  return outcome;
}
