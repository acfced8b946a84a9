/** Feeds the gateway: builds generations of what its source delivers, keeps the newest in force, and says how that goes. */
import { readFile } from 'node:fs/promises';
import { readPublicKeys } from '../registry/bundle/bundle-keys.ts';
import { refuseUnknownCoordinates } from './access/create-access.ts';
import { buildGeneration, createReaders, type GenerationMaterial } from './build-generation.ts';
import type { Config } from './config.ts';
import type { Generation } from './generation.ts';
import { createGenerations, type GenerationEvents, type Generations } from './generations.ts';
import { introspectByClient } from './introspect-by-client.ts';
import { createPace, createQuickPace } from './pace.ts';
import { toNamedAddress } from './settings/supply-settings.ts';
import { StartupError } from './startup-error.ts';
import type { RedisConnection } from './store/redis.ts';
import { createBundleCopy } from './supergraph/bundle-copy.ts';
import { createFileSource } from './supergraph/file-source.ts';
import { createIntrospectionSource } from './supergraph/introspection-source.ts';
import { createRegistryClient, type RegistryClient } from './supergraph/registry-client.ts';
import { createRegistrySource } from './supergraph/registry-source.ts';
import type { Release, ReleaseSource, SourceEvents, SourceState } from './supergraph/release.ts';
import type { SupplyMetrics } from './telemetry/metrics.ts';

export interface Supply {
  readonly generations: Generations<Release>;
  /** Where usage is reported to. */
  readonly registry: RegistryClient | undefined;
  inspect(): SupplyState;
  close(): Promise<void>;
}

export interface SupplyState {
  readonly version: string;
  readonly environment: string | undefined;
  readonly sequence: number | undefined;
  readonly ageSeconds: number;
  readonly warmOperations: number;
  /** The newest first. */
  readonly generations: readonly { readonly version: string; readonly inFlight: number }[];
  readonly source: SourceState;
}

export interface SupplyParts extends GenerationMaterial {
  readonly redis: RedisConnection | undefined;
  readonly metrics: SupplyMetrics;
  readonly schedule: GenerationEvents['schedule'];
}

const fileIntervalMs = 1_000;
const introspectionIntervalMs = 3_000;

/** @throws StartupError when nothing can be served */
export async function createSupply(parts: SupplyParts): Promise<Supply> {
  const { config, log, metrics, now } = parts;
  const registry =
    config.registry === undefined ? undefined : await connectToRegistry(config, config.registry);
  const source = createSource(parts, registry, toEvents(parts));
  let generations: Generations<Release> | undefined;
  let inForceSinceMs = now();

  const tellUnknown = (coordinates: readonly string[]): void => {
    metrics.setUnknownCoordinates(coordinates.length);
    if (coordinates.length > 0)
      log.warn({ coordinates }, 'the policy names what the supergraph does not have');
  };
  const readers = createReaders();
  // Later a supergraph that lacks what the policy names is served all the same: what is not there needs no guard.
  const build = (release: Release): Promise<Generation> =>
    buildGeneration(parts, release, { onUnknownCoordinates: tellUnknown, readers, pace: createPace() });
  const begin = async (release: Release): Promise<Generations<Release>> => {
    // A gateway of a registry must start again wherever others go on.
    const onUnknownCoordinates = release.bundle ? tellUnknown : refuseUnknownCoordinates;
    const first = await buildGeneration(parts, release, {
      onUnknownCoordinates,
      readers,
      pace: createQuickPace(),
    });
    return createGenerations(first, build, {
      onSwap(version) {
        inForceSinceMs = now();
        metrics.setGeneration(version);
        log.info({ version }, 'a new supergraph is in force');
      },
      schedule: parts.schedule,
      onForcedEnd: (version, requests) =>
        log.warn({ version, requests }, 'requests of a replaced schema took too long and were ended'),
      onEndFailed: (error) => log.error({ error }, 'an old supergraph did not end cleanly'),
    });
  };
  const serve = async (release: Release): Promise<void> => {
    if (generations) await generations.replace(release);
    else generations = await begin(release);
  };

  try {
    await source.begin(serve);
  } catch (error) {
    await Promise.all([source.close(), generations?.close(), registry?.close()]);
    throw error;
  }
  if (!generations) throw new Error('The source served nothing.');
  const living = generations as Generations<Release>;
  metrics.setGeneration(living.current().version);
  source.follow(serve);

  const inspect = (): SupplyState => {
    const { version, publication, warmOperations } = living.current();
    const sinceMs = publication ? Date.parse(publication.createdAt) : inForceSinceMs;
    return {
      version,
      environment: publication?.environment,
      sequence: publication?.sequence,
      ageSeconds: Math.max(0, Math.round((now() - sinceMs) / 1000)),
      warmOperations,
      generations: living.inspect(),
      source: source.state(),
    };
  };
  metrics.show(() => {
    const { ageSeconds, sequence, source: state } = inspect();
    return { ageSeconds, sequence, silentSeconds: state.silentSeconds ?? 0 };
  });
  return {
    generations: living,
    registry,
    inspect,
    async close() {
      await Promise.all([source.close(), living.close()]);
      await registry?.close();
    },
  };
}

function createSource(
  { config, subgraphs: _, log, redis, now }: SupplyParts,
  registry: RegistryClient | undefined,
  events: SourceEvents,
): ReleaseSource {
  const { bundles, environment, supergraph, subgraph, internalKey } = config;
  if (registry)
    return createRegistrySource({
      ...{ client: registry, environment, intervalMs: bundles.intervalMs, now, ...events },
      // Whom Redis wakes must not be held by the registry.
      waitMs: redis ? 0 : bundles.waitMs,
      publicKeys: toPublicKeys(bundles.publicKeys),
      copy: createBundleCopy(bundles.copyFile),
      onCopyTrouble: (err) => log.error({ err }, 'the copy of the bundle on disk is of no use'),
      onPublished: redis && ((wake) => redis.subscribe(`minigate:bundle:${environment}`, wake)),
    });
  if (supergraph !== undefined)
    return createFileSource({ path: supergraph, intervalMs: fileIntervalMs, now, ...events });
  return createIntrospectionSource({
    ...{ intervalMs: introspectionIntervalMs, now, ...events },
    subgraphs: subgraph.map(toNamedAddress),
    ask: introspectByClient(internalKey),
  });
}

function toEvents({ log, metrics }: SupplyParts): SourceEvents {
  return {
    onTrouble({ code, message }) {
      metrics.countTrouble(code);
      const level = code === 'REGISTRY_AWAY' ? 'warn' : 'error';
      log[level]({ code, reason: message }, 'no other schema could be put in force; the current one stays');
    },
    onRecovered: () => log.info('the source of the schema is well again'),
    onSilent: (silentSeconds) =>
      log.error({ silentSeconds }, 'the source of the schema was not heard of for long'),
  };
}

function toPublicKeys(texts: readonly string[]) {
  try {
    return readPublicKeys(texts);
  } catch (cause) {
    throw new StartupError(`bundles.publicKeys: ${(cause as Error).message}`, { cause });
  }
}

async function connectToRegistry({ environment, bundles }: Config, url: string): Promise<RegistryClient> {
  const { token, tokenFile, timeoutMs, maxBytes } = bundles;
  return createRegistryClient({
    ...{ url, environment, timeoutMs, maxBundleBytes: maxBytes },
    token: token ?? (await readToken(tokenFile ?? '')),
  });
}

async function readToken(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new StartupError(`The token of the registry cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}
