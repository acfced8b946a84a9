/** Finds the services that some tests meet for real (Chromium, Postgres, Redis, and the redis-server program), and says so where one is absent. */
import { accessSync, constants } from 'node:fs';
import { connect } from 'node:net';
import { describe, test } from 'vitest';

export const serviceNames = ['chromium', 'postgres', 'redis', 'redis-server'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** What was looked for, and where it was found: a path, an address, or nothing. */
export interface Service {
  readonly soughtAt: string;
  readonly found: string | undefined;
}

/** Set by CI, where a missing service is a failure and not a reason to leave tests out. */
const mustBePresent = process.env.CI !== undefined && process.env.CI !== '';

/** Looks for one service: `$CHROMIUM_PATH`, `$POSTGRES_URL`, `$REDIS_URL`, `$REDIS_SERVER_PATH`, or the usual place on this machine. */
export async function findService(
  name: ServiceName,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Service> {
  if (name === 'chromium') {
    const path = environment.CHROMIUM_PATH || '/usr/bin/chromium';
    return { soughtAt: path, found: isExecutable(path) ? path : undefined };
  }
  if (name === 'redis-server') {
    const path = environment.REDIS_SERVER_PATH || '/usr/bin/redis-server';
    return { soughtAt: path, found: isExecutable(path) ? path : undefined };
  }
  const url =
    name === 'postgres'
      ? environment.POSTGRES_URL || 'postgres://postgres@127.0.0.1:5432/postgres'
      : environment.REDIS_URL || 'redis://127.0.0.1:6379';
  return { soughtAt: withoutPassword(url), found: (await listensAt(url)) ? url : undefined };
}

const chromium = await findService('chromium');
const postgres = await findService('postgres');
const redis = await findService('redis');
const redisServer = await findService('redis-server');
const services: Record<ServiceName, Service> = { chromium, postgres, redis, 'redis-server': redisServer };

/** Chromium's executable, where it is installed. */
export const chromiumPath = chromium.found;
/** The address of a Postgres whose user may create databases; each test makes and drops its own. */
export const postgresUrl = postgres.found;
/** The address of a Redis that tests may write to under their own key prefix. */
export const redisUrl = redis.found;

/**
 * A `describe` whose tests need a service; `define` gets its path or address.
 * Without the service it is skipped under a title that names what is missing; under CI it is one failing test.
 */
export function describeWith(name: ServiceName, title: string, define: (found: string) => void): void {
  const { found, soughtAt } = services[name];
  if (found !== undefined) {
    describe(title, () => define(found));
    return;
  }
  const reason = `no ${name} at ${soughtAt}`;
  if (mustBePresent) {
    describe(title, () => {
      test(reason, () => {
        throw new Error(`CI must provide it: ${reason}.`);
      });
    });
    return;
  }
  // The reporter folds skipped tests away; the person must still learn what did not run.
  process.stderr.write(`Left out: ${title} (${reason}).\n`);
  describe.skip(`${title} (${reason})`, () => test(reason, () => {}));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function listensAt(url: string): Promise<boolean> {
  const { hostname, port, protocol } = new URL(url);
  const defaultPort = protocol.startsWith('postgres') ? 5432 : 6379;
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port || defaultPort), timeout: 1_000 });
    const finish = (listens: boolean) => {
      socket.destroy();
      resolve(listens);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
    socket.once('timeout', () => finish(false));
  });
}

function withoutPassword(url: string): string {
  const parsed = new URL(url);
  parsed.password = '';
  return parsed.toString();
}
