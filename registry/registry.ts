/** The registry: schemas of teams, operations of clients, and the versions of an environment that gateways run. */
import type { KeyObject } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { listen } from '../gateway/http/listen.ts';
import type { DatabaseServer } from '../subgraphs/shared/database.ts';
import { createChecks } from './check/run-check.ts';
import { registerApprovalRoutes } from './http/approval-routes.ts';
import { createAuthenticate } from './http/authenticate.ts';
import { registerGatewayRoutes } from './http/gateway-routes.ts';
import { registerHealthRoutes } from './http/health-routes.ts';
import { registerOperationRoutes } from './http/operation-routes.ts';
import { createLimitRate } from './http/route-parts.ts';
import { createServer } from './http/server.ts';
import { registerSubgraphRoutes } from './http/subgraph-routes.ts';
import { registerSupergraphRoutes } from './http/supergraph-routes.ts';
import { registerTokenRoutes } from './http/token-routes.ts';
import { startSendingNotices } from './notices/send-notices.ts';
import type { ChangeServices } from './publish/services.ts';
import type { RegistrySettings } from './settings.ts';
import { watchVersions } from './store/version-watch.ts';

export interface Registry {
  readonly url: string;
  /** What programs in the same process use in place of HTTP. */
  readonly services: ChangeServices;
  close(): Promise<void>;
}

export interface RegistryParts {
  /** Stays open when the registry closes. */
  readonly database: DatabaseServer;
  /** Ed25519, private: signs what gateways fetch. */
  readonly signingKey: KeyObject;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Told after each change that has been written. */
  readonly onCommitted?: (environment: string) => void;
  /** Sees what went wrong inside; who asked learns only that it did. */
  readonly onFault?: (error: unknown) => void;
  /** Sees the text of every statement, before it is sent. */
  readonly onQuery?: (sql: string) => void;
  /** Between looks for versions that NOTIFY did not tell of, while gateways wait for one. Default 2,000. */
  readonly versionLookMs?: number;
}

/** @throws StartupError when the port cannot be opened */
export async function createRegistry(settings: RegistrySettings, parts: RegistryParts): Promise<Registry> {
  const { database: server, signingKey, now = Date.now, onFault = () => {}, onQuery } = parts;
  await server.migrate({
    schema: 'registry',
    folder: fileURLToPath(new URL('store/migrations', import.meta.url)),
  });
  const database = server.connect(onQuery);
  const versions = await watchVersions(server, parts.versionLookMs ?? 2_000);
  const checks = createChecks(settings.check);
  const notices = startSendingNotices({
    database: server.connect(),
    targets: settings.notices,
    now,
    onFault,
  });
  const services: ChangeServices = {
    ...{ database, settings, checks, signingKey, now },
    onCommitted(environment) {
      notices.wake();
      parts.onCommitted?.(environment);
    },
  };
  const app = createServer({ onFault });
  const routes = {
    ...{ services, versions, onFault, wakeNotices: notices.wake },
    authenticate: createAuthenticate({ database, settings, now }),
    limitRate: createLimitRate(settings.changesPerMinute, now),
  };
  registerSubgraphRoutes(app, routes);
  registerSupergraphRoutes(app, routes);
  registerOperationRoutes(app, routes);
  registerGatewayRoutes(app, routes);
  registerTokenRoutes(app, routes);
  registerApprovalRoutes(app, routes);
  registerHealthRoutes(app, database);
  const close = async (): Promise<void> => {
    checks.close();
    await versions.close();
    await app.close();
    await notices.stop();
  };
  try {
    return { url: await listen(app, settings.host, settings.port, 'port'), services, close };
  } catch (error) {
    await close();
    throw error;
  }
}
