/** Publishes and rolls back again and again, by a real registry, while a gateway that it feeds is asked at a steady rate. */
import { setTimeout as delay } from 'node:timers/promises';
import { askAtRate, createSample, type RateOutcome, type RateSample } from './ask-at-rate.ts';
import { createHttpClient, type HttpClient } from './http-client.ts';
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
  /** From one change or check to the next, where it takes no longer: else a faster registry would put more in force. */
  readonly everyMs: number;
  /** How long requests are watched while nothing happens, and again while others check and publish nothing. */
  readonly quietMs: number;
  readonly seed: number;
}

export interface PublishOutcome {
  readonly publishes: number;
  readonly rollbacks: number;
  /** From the request to the registry until the gateway serves it. */
  readonly liveMs: Spread;
  readonly quiet: RateOutcome;
  /** While the registry checks one change after the other: where it has no machine of its own, it takes time from all others. */
  readonly checked: RateOutcome;
  readonly busy: RateOutcome;
  /** Of the gateway after a garbage collection, before the first change that counts and after the last. */
  readonly heapMb: { readonly before: number; readonly after: number };
}

const requestsPerSecond = 300;
const warmUpChanges = 5;
/** What is compared takes turns, because machines have better and worse minutes. */
const rounds = 10;
const lookEveryMs = 20;
const longestMs = 60_000;
const client = 'bench';
const clientVersion = '1';
const path = `/v1/environments/${benchEnvironment}`;

/** @param folder for databases, keys and settings @throws Error when a change is refused or not served within a minute */
export async function measurePublishes(
  { changes, everyMs, quietMs, seed }: PublishOptions,
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
    // One for all that is compared: connections are made before anything counts.
    const phone = createHttpClient(gateway.url, connections, {
      ...{ 'minigate-client-name': client, 'minigate-client-version': clientVersion },
    });
    try {
      const { check, change } = createWork(registry, gateway, subgraphs.origin, seed);
      // With requests: what is measured first would else be slow for being first.
      await underLoad(phone, createSample(), async () => {
        for (let number = 0; number < warmUpChanges; number += 1) await change();
      });
      const before = await gateway.readHeapMb();
      const samples = { quiet: createSample(), checked: createSample(), busy: createSample() };
      const made: { readonly kind: 'publish' | 'rollback'; readonly liveMs: number }[] = [];
      const goRound = async (round: number) => ({
        quiet: await underLoad(phone, samples.quiet, () => delay(quietMs / rounds)),
        checked: await underLoad(phone, samples.checked, async () => {
          for (const endMs = performance.now() + quietMs / rounds; performance.now() < endMs; )
            await Promise.all([check(), delay(everyMs)]);
        }),
        busy: await underLoad(phone, samples.busy, async () => {
          while (made.length < (changes / rounds) * round) {
            const [one] = await Promise.all([change(), delay(everyMs)]);
            made.push(one);
          }
        }),
      });
      for (let round = 1; round < rounds; round += 1) {
        await goRound(round);
        onProgress(`${made.length} of ${changes} publishes and rollbacks`);
      }
      const outcomes = await goRound(rounds);
      const publishes = made.filter(({ kind }) => kind === 'publish').length;
      return {
        ...{ publishes, rollbacks: made.length - publishes, ...outcomes },
        liveMs: toSpread(made.map(({ liveMs }) => liveMs)),
        heapMb: { before, after: await gateway.readHeapMb() },
      };
    } finally {
      await phone.close();
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

/** Two of three changes publish a schema that has never been, the third takes the last one back. Checks are of such schemas. */
function createWork(registry: RunningRegistry, gateway: FedGateway, origin: string, seed: number) {
  const random = createRandom(seed);
  const subgraphs = toWideSubgraphs('a', origin);
  let revision = 0;
  /** The version before that in force, and the one in force. */
  let versions: readonly [number | undefined, number | undefined] = [undefined, undefined];
  const pickNew = (): { readonly name: string; readonly sdl: string } => {
    revision += 1;
    const { name, sdl } = random.pick(subgraphs);
    return { name, sdl: sdl.replace('price(', `revision${revision}: Int price(`) };
  };
  const check = async (): Promise<void> => {
    const { name, sdl } = pickNew();
    await registry.post(`${path}/subgraphs/${name}/check`, { sdl });
  };
  const change = async () => {
    const [to] = versions;
    const kind = to !== undefined && random.below(3) === 0 ? 'rollback' : 'publish';
    const startedAt = performance.now();
    const { name, sdl } = pickNew();
    const { sequence } = await (kind === 'rollback'
      ? registry.post<{ sequence: number }>(`${path}/supergraph/rollback`, { to })
      : registry.post<{ sequence: number }>(`${path}/subgraphs/${name}/publish`, { sdl }));
    versions = [versions[1], sequence];
    while ((await gateway.readSequence()) < sequence) {
      if (performance.now() - startedAt > longestMs)
        throw new Error(`The gateway does not serve version ${sequence}.`);
      await delay(lookEveryMs);
    }
    return { kind, liveMs: performance.now() - startedAt } as const;
  };
  return { check, change };
}

/** @returns the outcome of the whole sample */
async function underLoad(
  phone: HttpClient,
  sample: RateSample,
  work: () => Promise<unknown>,
): Promise<RateOutcome> {
  const load = askAtRate(requestsPerSecond, (number) => askWide(phone, number), sample);
  try {
    await work();
  } catch (error) {
    await load.stop();
    throw error;
  }
  return load.stop();
}
