/**
 * The gateway that is fed by a registry while others publish, as a child process: says what it keeps in memory.
 *
 * Started by `measure-publishes.ts` with a file of settings.
 */
import { readFileSync } from 'node:fs';
import { parseConfig } from '../gateway/config.ts';
import { createGateway } from '../gateway/gateway.ts';

export type PublishTargetReport =
  | { readonly kind: 'ready'; readonly url: string; readonly adminUrl: string }
  | { readonly kind: 'heap'; readonly usedMb: number };

const [settingsFile = ''] = process.argv.slice(2);
const gateway = await createGateway(parseConfig(JSON.parse(readFileSync(settingsFile, 'utf8'))));

const say = (report: PublishTargetReport): void => {
  process.send?.(report);
};
/** Asked for by any message. */
process.on('message', () => {
  globalThis.gc?.();
  globalThis.gc?.();
  say({ kind: 'heap', usedMb: process.memoryUsage().heapUsed / 1024 / 1024 });
});
process.on('SIGTERM', () => gateway.close().then(() => process.exit()));
say({ kind: 'ready', url: gateway.url, adminUrl: gateway.adminUrl });
