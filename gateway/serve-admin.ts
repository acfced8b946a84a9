/** Serves operators: health and metrics, bans and denied addresses, the security log, what is served. */
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { AddressControl } from './address-control.ts';
import { parseDeniedRange } from './admission/denylist.ts';
import type { Environments } from './environments.ts';
import { createAdminServer } from './http/admin.ts';
import { registerBanRoutes } from './http/ban-routes.ts';
import { registerDenylistRoutes } from './http/denylist-routes.ts';
import { registerGenerationRoute } from './http/generation-route.ts';
import { registerSecurityLogRoute } from './http/security-log-route.ts';
import type { Bans } from './identity/bans.ts';
import type { Security } from './security.ts';
import type { Metrics } from './telemetry/metrics.ts';

export interface AdminParts {
  readonly metrics: Metrics;
  readonly isReady: () => boolean;
  readonly bans: Bans;
  readonly addresses: AddressControl;
  readonly security: Security;
  readonly environments: Pick<Environments, 'all' | 'inspect'>;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Listening and closing are the caller's. */
export function createAdmin(parts: AdminParts): FastifyInstance {
  const { bans, addresses, security, environments, log } = parts;
  const app = createAdminServer(parts.metrics, parts.isReady);
  const listPublished = () =>
    environments.all().flatMap(({ scope, generations }) =>
      generations
        .current()
        .bans.list()
        .map((ban) => (scope === undefined ? ban : { environment: scope, ...ban })),
    );
  registerBanRoutes(app, bans, listPublished, ({ userId, isLifted, ...ban }) => {
    log.warn({ userId, isLifted, ...ban }, 'a ban was changed');
    security.tellOfOperator({ subject: 'user', id: userId }, isLifted ? undefined : ban);
  });
  registerDenylistRoutes(app, addresses.denylist, parseDeniedRange, ({ range, isRemoved, ...denial }) => {
    log.warn({ range, isRemoved, ...denial }, 'the denylist was changed');
    security.tellOfOperator({ subject: 'address', id: range }, isRemoved ? undefined : denial);
  });
  registerSecurityLogRoute(app, security.securityLog, parts.now);
  registerGenerationRoute(app, environments.inspect);
  return app;
}
