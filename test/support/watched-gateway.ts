/** A gateway in this process whose secrets, log and answers are watched: the one way by which tests create one. */
import type { Config } from '../../gateway/config.ts';
import { createGateway, type Gateway, type GatewayParts } from '../../gateway/gateway.ts';
import { createLog } from '../../gateway/telemetry/log.ts';
import { secretWatch, watchGateway } from './known-secrets.ts';
import { secretsOf } from './settings-secrets.ts';

export interface WatchedGateway extends Gateway {
  /** Lines of the log so far, parsed. */
  log(): Record<string, unknown>[];
}

export async function createWatchedGateway(
  config: Config,
  parts: Omit<GatewayParts, 'log'> = {},
): Promise<WatchedGateway> {
  secretWatch.learn('setting', ...secretsOf(config));
  const lines: string[] = [];
  const log = createLog('info', {
    write(line) {
      lines.push(line);
      secretWatch.logged(line);
    },
  });
  const gateway = await createGateway(config, { ...parts, log });
  watchGateway(gateway.url, gateway.adminUrl);
  return { ...gateway, log: () => lines.map((line) => JSON.parse(line)) };
}
