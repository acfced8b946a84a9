/** Tells gateways by Redis that an environment has changed, so that they ask at once; those that miss it ask anyway. */
import { Redis } from 'ioredis';

export interface Announcer {
  /** Not waited for. */
  announce(environment: string): void;
  close(): void;
}

export function createAnnouncer(redisUrl: string, onFault: (error: unknown) => void): Announcer {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 1, connectTimeout: 1_000, lazyConnect: true });
  // Told of with the message that could not be sent.
  redis.on('error', () => {});
  return {
    announce: (environment) => void redis.publish(`minigate:bundle:${environment}`, '').catch(onFault),
    close: () => redis.disconnect(),
  };
}
