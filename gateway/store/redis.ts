/** The connection to Redis, one server, one that Sentinels watch, or a Cluster: quick to fail, never queueing, back by itself. */
import { hash } from 'node:crypto';
import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis';
import { createBreaker } from './breaker.ts';

export interface RedisConnection {
  /** A script that reads and writes the one key it is given, and nothing else, so that it runs on any Cluster. */
  defineScript(name: string, lua: string): RedisScript;
  /**
   * The key of a thing that clients may have named: hashed, so that no name can collide with another or be long, and in
   * a hash tag, so that the keys of one thing lie in one slot.
   */
  toKey(kind: string, id: string): string;
  /**
   * Calls back at each message of a channel, by a connection of its own. Messages are lost while Redis is away.
   *
   * @returns ends it
   */
  subscribe(channel: string, onMessage: () => void): () => void;
  /** What was sent is still waited for, briefly. */
  close(): Promise<void>;
}

/**
 * Rejects when Redis is away or does not answer within the time; what was sent may have been carried out then. Once it
 * has kept several commands waiting in vain, others are rejected at once for a while.
 */
export type RedisScript = (key: string, args: readonly (string | number)[]) => Promise<unknown>;

export interface RedisConnectionOptions {
  /** `redis://` or, with TLS, `rediss://`; of any one node, if it is a Cluster. */
  readonly url: string;
  readonly isCluster: boolean;
  /** Where the primary is to be asked for, each time anew: the address of `url` does not count then, the rest of it does. */
  readonly sentinel?: Sentinel | undefined;
  /** Before every key, so that several gateways may use one Redis. */
  readonly keyPrefix: string;
  /** How long one command may take. */
  readonly commandTimeoutMs: number;
  /** Told once when Redis cannot be reached, until it can be again. It is tried again until `close`. */
  readonly onLost: (error: Error) => void;
  /** Told at each connection to a server that drops keys when its memory is full, and by which rule. */
  readonly onEvicting?: (policy: string) => void;
}

export interface Sentinel {
  /** What Sentinels call the primary, such as `mymaster`. */
  readonly name: string;
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
}

const connectTimeoutMs = 1_000;
const maxReconnectDelayMs = 2_000;
/** Before a command is tried again while a node is not there; short, so that it still comes within its time. */
const clusterRetryDelayMs = 10;

/** Waits until Redis is ready, but no longer than a connection may take: it may come later. */
export async function connectRedis(options: RedisConnectionOptions): Promise<RedisConnection> {
  const client = createClient(options);
  let isLost = false;
  client.on('error', (error: Error) => {
    if (!isLost) options.onLost(error);
    isLost = true;
  });
  client.on('ready', () => {
    isLost = false;
  });
  if (options.onEvicting) watchEviction(client, options.onEvicting);
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, connectTimeoutMs);
    for (const event of ['ready', 'error']) {
      client.once(event, () => {
        clearTimeout(timer);
        resolve();
      });
    }
  });
  // The nodes of a Cluster are else connected to by the first request that needs each.
  if (client instanceof Cluster)
    await Promise.allSettled(client.nodes('master').map((node) => within(node.ping(), connectTimeoutMs)));
  const breaker = createBreaker({ now: () => performance.now(), isFailure: (error) => !isReply(error) });
  return {
    defineScript(name, lua) {
      client.defineCommand(name, { numberOfKeys: 1, lua });
      const run = (client as unknown as Record<string, (...args: (string | number)[]) => Promise<unknown>>)[
        name
      ];
      if (!run) throw new Error(`The script ${name} was not defined.`);
      return (key, args) =>
        breaker.run(() => within(run.call(client, key, ...args), options.commandTimeoutMs));
    },
    toKey: (kind, id) => `${options.keyPrefix}${kind}:{${hash('sha256', id, 'base64url')}}`,
    subscribe: (channel, onMessage) => subscribe(options, channel, onMessage),
    async close() {
      await within(client.quit(), connectTimeoutMs).catch(() => client.disconnect());
    },
  };
}

function createClient({ url, isCluster, sentinel }: RedisConnectionOptions): Redis | Cluster {
  const always: RedisOptions = {
    connectTimeout: connectTimeoutMs,
    // An answer that never comes must not hold the connection.
    socketTimeout: connectTimeoutMs,
    maxRetriesPerRequest: 1,
    autoResendUnfulfilledCommands: false,
    // A primary that has become a replica: connect again to where the name points now.
    reconnectOnError: ({ message }) => message.startsWith('READONLY'),
  };
  const retry = (attempt: number): number => Math.min(attempt * 50, maxReconnectDelayMs);
  const single: RedisOptions = { ...always, enableOfflineQueue: false, retryStrategy: retry };
  if (sentinel)
    return new Redis(url, {
      ...single,
      sentinels: sentinel.nodes.map((node) => ({ ...node })),
      name: sentinel.name,
      sentinelRetryStrategy: retry,
      sentinelCommandTimeout: connectTimeoutMs,
    });
  if (!isCluster) return new Redis(url, single);
  const { username, password, protocol } = new URL(url);
  const clusterOptions: ClusterOptions = {
    enableOfflineQueue: false,
    maxRedirections: 3,
    retryDelayOnFailover: clusterRetryDelayMs,
    retryDelayOnClusterDown: clusterRetryDelayMs,
    clusterRetryStrategy: retry,
    clusterNodeRetryStrategy: retry,
    redisOptions: {
      ...always,
      ...(username && { username: decodeURIComponent(username) }),
      ...(password && { password: decodeURIComponent(password) }),
      ...(protocol === 'rediss:' && { tls: {} }),
    },
  };
  return new Cluster([url], clusterOptions);
}

function subscribe(options: RedisConnectionOptions, channel: string, onMessage: () => void): () => void {
  const client = createClient(options);
  // What is wrong with Redis is told of by the other connection.
  client.on('error', () => {});
  client.on('message', onMessage);
  // Again at every connection: what was said before the first may be lost, too.
  client.on('ready', () => client.subscribe(channel).catch(() => {}));
  return () => client.disconnect();
}

function watchEviction(client: Redis | Cluster, onEvicting: (policy: string) => void): void {
  client.on('ready', async () => {
    const nodes = client instanceof Cluster ? client.nodes('master') : [client];
    const infos = await Promise.allSettled(nodes.map((node) => node.info('memory')));
    for (const info of infos) {
      const [, policy] = (info.status === 'fulfilled' && /maxmemory_policy:([\w-]+)/.exec(info.value)) || [];
      if (policy && policy !== 'noeviction') onEvicting(policy);
    }
  });
}

/** Whether Redis answered, if only to refuse. */
function isReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

/**
 * Not left to ioredis: its own limit is for each attempt at a node of a Cluster, not for all of them together. When the
 * time is over, what has come meanwhile is read first: a busy process must not take its own lateness for that of Redis.
 */
function within<T>(work: Promise<T>, limitMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const expire = (): void => reject(new Error(`Redis took longer than ${limitMs} ms.`));
    const timer = setTimeout(() => setImmediate(expire), limitMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
