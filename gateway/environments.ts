/** The environments that one gateway serves, each by a supply of its own, and which of them a request is for. */
import type { Logger } from 'pino';
import type { SecurityEvent } from './abuse/security-event.ts';
import { type BanReport, startBanReport } from './ban-report.ts';
import { type ChooseName, createChooseName } from './choose-environment.ts';
import type { Config } from './config.ts';
import { connectSubgraphs } from './connect-subgraphs.ts';
import { RequestError } from './errors.ts';
import { type Scope, scopeOf } from './identity/account.ts';
import { type LookAgain, lookAgain } from './supergraph/look-again.ts';
import { createSupply, type Supply, type SupplyParts } from './supply.ts';
import type { Metrics } from './telemetry/metrics.ts';
import type { SubgraphClient } from './upstream/subgraph-client.ts';
import { startUsageReport, type UsageReport } from './usage-report.ts';

export interface Environment {
  readonly name: string;
  /** What the accounts of its users begin with; `undefined` where it is the only one. */
  readonly scope: Scope;
  readonly generations: Supply['generations'];
  readonly subgraphs: SubgraphClient;
  readonly usage: UsageReport | undefined;
  readonly bans: BanReport | undefined;
  inspect: Supply['inspect'];
  close(): Promise<void>;
}

/** What a request needs of the one that it is for. */
export type RequestEnvironment = Pick<Environment, 'scope' | 'generations' | 'usage'>;

export interface Environments {
  /** @throws ENVIRONMENT_NOT_SERVED, ENVIRONMENT_UNAVAILABLE, ADDRESS_DENIED where its bundle bans the address */
  choose(headers: Parameters<ChooseName>[0], address: string): Environment;
  /** Where there is one alone the scope is `undefined`. @throws ENVIRONMENT_UNAVAILABLE */
  of(scope: Scope): Environment;
  /** All, also those that have nothing to serve yet. */
  readonly scopes: readonly Scope[];
  /** The default one, else the first that is served. */
  main(): Environment;
  /** Those that are served. */
  all(): readonly Environment[];
  countBan(event: SecurityEvent): void;
  /** For operators. */
  inspect(): object;
  close(): Promise<void>;
}

export interface EnvironmentsParts extends Omit<SupplyParts, 'scope' | 'subgraphs' | 'metrics'> {
  readonly metrics: Metrics;
  /** Told of an address that a bundle bans. */
  readonly onDenied: () => void;
}

/** @throws StartupError when there is nothing to serve: in the default environment, or without one in any */
export async function createEnvironments(parts: EnvironmentsParts): Promise<Environments> {
  const { config, log } = parts;
  const settings = config.environments;
  const isOne = settings.length === 0;
  const names = isOne ? [config.environment] : settings.map(({ name }) => name);
  const chooseName: ChooseName = isOne ? () => config.environment : createChooseName(settings);
  const defaultName = isOne ? config.environment : settings.find((one) => one.default)?.name;
  const served = new Map<string, Environment>();
  /** Why those that are not served are not. */
  const troubles = new Map<string, string>();
  const retries: LookAgain[] = [];

  const start = async (name: string): Promise<void> => {
    const scope = isOne ? undefined : name;
    served.set(name, await startEnvironment({ ...parts, config: toOwnConfig(config, name) }, name, scope));
  };
  /** Others go on meanwhile: what is not there yet may be published at any time. */
  const retry = (name: string): void => {
    const again = lookAgain({
      look: () => start(name),
      intervalMs: config.bundles.intervalMs,
      onLooked(error) {
        if (error !== undefined) {
          troubles.set(name, (error as Error).message);
          return;
        }
        log.info({ environment: name }, 'the environment is served from now on');
        void again.stop();
      },
    });
    retries.push(again);
  };
  const close = async (): Promise<void> => {
    await Promise.all(retries.map((again) => again.stop()));
    await Promise.all([...served.values()].map((environment) => environment.close()));
  };

  const outcomes = await Promise.allSettled(names.map(start));
  const failures = outcomes.flatMap((each, index) =>
    each.status === 'rejected' ? [{ name: names[index] as string, error: each.reason }] : [],
  );
  const fatal = failures.find(({ name }) => name === defaultName) ?? (served.size === 0 && failures[0]);
  if (fatal) {
    await close();
    throw fatal.error;
  }
  for (const { name, error: err } of failures) {
    log.error({ environment: name, err }, 'an environment cannot be served yet; it is tried again');
    troubles.set(name, (err as Error).message);
    retry(name);
  }

  const find = (name: string): Environment => {
    const environment = served.get(name);
    if (environment) return environment;
    throw new RequestError('ENVIRONMENT_UNAVAILABLE', 'This environment has nothing to serve yet.', {
      'retry-after': '5',
    });
  };
  const of = (scope: Scope): Environment => find(scope ?? config.environment);
  const main = (): Environment =>
    (defaultName === undefined ? all()[0] : undefined) ?? find(defaultName ?? '');
  const all = (): readonly Environment[] => [...served.values()];
  return {
    of,
    main,
    all,
    scopes: isOne ? [undefined] : names,
    choose(headers, address) {
      const environment = find(chooseName(headers));
      if (!environment.generations.current().bans.hasAddress(address)) return environment;
      parts.onDenied();
      throw new RequestError('ADDRESS_DENIED', 'Requests from this network address are not answered.');
    },
    countBan(event) {
      const scope = isOne || !('userId' in event) ? '' : scopeOf(event.userId ?? '');
      // An address is of no environment; it is told once.
      (served.get(scope) ?? main()).bans?.count(event);
    },
    inspect: () =>
      isOne
        ? main().inspect()
        : {
            environments: names.map(
              (name) => served.get(name)?.inspect() ?? { environment: name, trouble: troubles.get(name) },
            ),
          },
    close,
  };
}

/** The policy, the limits and all else are the same in each. */
function toOwnConfig(config: Config, name: string): Config {
  const own = config.environments.find((one) => one.name === name);
  if (!own) return config;
  const { bundles, internalKey } = config;
  const { token, tokenFile, copyFile = `${bundles.copyFile}-${name}` } = own;
  const credentials = token === undefined && tokenFile === undefined ? {} : { token, tokenFile };
  return {
    ...config,
    environment: name,
    internalKey: own.internalKey ?? internalKey,
    bundles: { ...bundles, ...credentials, copyFile },
  };
}

async function startEnvironment(parts: EnvironmentsParts, name: string, scope: Scope): Promise<Environment> {
  const { config, metrics, now } = parts;
  const log: Logger = scope === undefined ? parts.log : parts.log.child({ environment: scope });
  const subgraphs = connectSubgraphs(config, { log, metrics });
  try {
    const supplyMetrics = metrics.ofSupply(scope);
    const supply = await createSupply({ ...parts, scope, log, subgraphs, metrics: supplyMetrics });
    const { generations, registry, inspect } = supply;
    const usage = startUsageReport(config, registry, { now, log, metrics: supplyMetrics });
    const bans = startBanReport(registry, { intervalMs: config.bundles.usageIntervalMs, now, log });
    return {
      ...{ name, scope, generations, subgraphs, usage, bans, inspect },
      async close() {
        await Promise.all([usage?.close(), bans?.close()]);
        await supply.close();
        await subgraphs.close();
      },
    };
  } catch (error) {
    await subgraphs.close();
    throw error;
  }
}
