/** A gateway in this process that is fed by a registry and runs registered operations alone, as in production. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConfigInput, parseConfig } from '../../gateway/config.ts';
import { documentIdOf } from '../../gateway/persisted/safelist.ts';
import type { SupplyState } from '../../gateway/supply.ts';
import type { StandInRegistry } from './stand-in-registry.ts';
import { noRates } from './test-gateway.ts';
import { createWatchedGateway } from './watched-gateway.ts';

export interface DeliveredGateway {
  readonly url: string;
  readonly adminUrl: string;
  /** Asks for a registered operation: its data, or the code of the refusal. */
  ask(body: string, client?: { readonly name: string; readonly version: string }): Promise<unknown>;
  /** What it says at `/admin/generation`. */
  inspect(): Promise<SupplyState>;
  /** The value of a metric without labels, or of the series with these. */
  metric(name: string): Promise<number | undefined>;
  /** Lines of the log so far, parsed. */
  log(): Record<string, unknown>[];
  close(): Promise<void>;
}

export interface DeliveredGatewayOptions {
  /** Where the last good bundle is kept; default a file of its own that ends with it. */
  readonly copyFile?: string;
  readonly bundles?: ConfigInput['bundles'];
  readonly config?: Partial<ConfigInput>;
  readonly now?: () => number;
}

export const openPolicy = new URL('./open-policy.ts', import.meta.url).pathname;

export async function startDeliveredGateway(
  registry: Pick<StandInRegistry, 'url' | 'trust'>,
  { copyFile, bundles, config, now }: DeliveredGatewayOptions = {},
): Promise<DeliveredGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'minigate-delivered-'));
  const gateway = await createWatchedGateway(
    parseConfig({
      ...{ registry: registry.url, policy: openPolicy, port: 0, admin: { port: 0 } },
      bundles: {
        ...registry.trust,
        ...{ intervalMs: 100, waitMs: 1_000, timeoutMs: 1_000, copyFile: copyFile ?? join(folder, 'bundle') },
        ...bundles,
      },
      rates: noRates,
      budgets: { address: { capacity: 0 }, app: { capacity: 0 } },
      ...config,
      overload: { maxLagMs: 60_000 },
    }),
    now && { now },
  );
  return {
    url: gateway.url,
    adminUrl: gateway.adminUrl,
    async ask(body, client) {
      const response = await fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(client && {
            ...{ 'minigate-client-name': client.name, 'minigate-client-version': client.version },
          }),
        },
        body: JSON.stringify({ documentId: documentIdOf(body) }),
      });
      const answer = (await response.json()) as {
        data?: unknown;
        errors?: { extensions: { code: string } }[];
      };
      return answer.errors?.[0]?.extensions.code ?? answer.data;
    },
    inspect: async () => (await fetch(`${gateway.adminUrl}/admin/generation`)).json() as Promise<SupplyState>,
    async metric(name) {
      const text = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
      const line = text.split('\n').find((each) => each.startsWith(`${name} `));
      return line === undefined ? undefined : Number(line.slice(name.length + 1));
    },
    log: gateway.log,
    async close() {
      await gateway.close();
      await rm(folder, { recursive: true });
    },
  };
}
