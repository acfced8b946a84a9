/** Tells gateways by Redis that there is something new. They ask by themselves as well: what is lost here costs seconds. */
import { Redis } from 'ioredis';

export interface Announcements {
  announce(environment: string): void;
  close(): void;
}

/** To the channel `minigate:bundle:<environment>`. */
export function connectAnnouncements(url: string): Announcements {
  const client = new Redis(url, { connectTimeout: 1_000, maxRetriesPerRequest: 1 });
  // No change of the registry fails because Redis is away.
  client.on('error', () => {});
  return {
    announce: (environment) => {
      client.publish(`minigate:bundle:${environment}`, environment).catch(() => {});
    },
    close: () => client.disconnect(),
  };
}
