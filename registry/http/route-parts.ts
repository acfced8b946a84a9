/** What the routes work with. */
import { RegistryError } from '../errors.ts';
import type { ChangeServices } from '../publish/services.ts';
import type { VersionWatch } from '../store/version-watch.ts';
import type { Authenticate, Caller } from './authenticate.ts';
import { createRateLimit } from './rate-limit.ts';

export interface RouteParts {
  readonly services: ChangeServices;
  readonly authenticate: Authenticate;
  readonly versions: VersionWatch;
  /** @throws RATE_LIMITED */
  readonly limitRate: (caller: Caller) => void;
  /** Something has been queued. */
  readonly wakeNotices: () => void;
  readonly onFault: (error: unknown) => void;
}

export function createLimitRate(perMinute: number, now: () => number): RouteParts['limitRate'] {
  const limit = createRateLimit(perMinute, now);
  return ({ origin }) => {
    const retryAfter = limit.take(origin.tokenId);
    if (retryAfter > 0)
      throw new RegistryError(
        'RATE_LIMITED',
        `${origin.actor} has made ${perMinute} checks and changes within a minute.`,
        { retryAfter },
      );
  };
}
