/** A gateway in this process over any subgraphs, on free ports, with its log at hand. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConfigInput, parseConfig } from '../../gateway/config.ts';
import type { Gateway, GatewayParts } from '../../gateway/gateway.ts';
import { composeSubgraphs } from '../../registry/compose.ts';
import { secretWatch } from './known-secrets.ts';
import { toManifest } from './manifest-file.ts';
import { createWatchedGateway } from './watched-gateway.ts';

export interface TestGateway {
  readonly url: string;
  readonly adminUrl: string;
  /** Serves these subgraphs from now on. The version then in force. */
  replaceSubgraphs(subgraphs: TestGatewayOptions['subgraphs']): Promise<string>;
  readonly replaceSafelist: Gateway['replaceSafelist'];
  /** Signs the access tokens. */
  readonly signingKeyPem: string;
  /** Lines of the log so far, parsed. */
  log(): Record<string, unknown>[];
  close(): Promise<void>;
}

export interface TestGatewayOptions {
  readonly subgraphs: readonly { readonly name: string; readonly sdl: string; readonly url: string }[];
  /** Documents to register for any client, by name; beside those of `config.manifests`. */
  readonly operations?: Readonly<Record<string, string>>;
  readonly config?: Omit<ConfigInput, 'supergraph' | 'port' | 'admin'>;
  readonly now?: () => number;
  readonly schedule?: GatewayParts['schedule'];
}

const none = { requests: 0 };
/** Tests ask more than a person does. */
export const noRates: ConfigInput['rates'] = {
  ...{ flood: none, address: none, principal: none, newcomer: none, newcomersOfAddress: none },
  ...{ service: none, app: none, login: { address: none, app: none, code: none } },
  refresh: { address: none, session: none },
};

export const testInternalKey = 'a key that only tests use, 32+ characters';

export async function startTestGateway(options: TestGatewayOptions): Promise<TestGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'minigate-test-'));
  const supergraph = join(folder, 'supergraph.graphql');
  const manifest = join(folder, 'manifest.json');
  const signingKeyFile = join(folder, 'signing-key.pem');
  await writeFile(supergraph, toSupergraph(options.subgraphs));
  await writeFile(manifest, JSON.stringify(toManifest(options.operations ?? {})));
  const signingKeyPem = generateKeyPairSync('ed25519')
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
  await writeFile(signingKeyFile, signingKeyPem);
  secretWatch.learn('key of the access tokens', signingKeyPem.split('\n')[1]);
  const gateway = await createWatchedGateway(
    parseConfig({
      supergraph,
      port: 0,
      admin: { port: 0 },
      internalKey: testInternalKey,
      session: { signingKeyFiles: [signingKeyFile] },
      ...options.config,
      // Tests ask more often than people do.
      behaviour: { mode: 'measure', ...options.config?.behaviour },
      rates: { ...noRates, ...options.config?.rates },
      // Tests compose, and hold the event loop otherwise, in the process that the gateway is in.
      overload: { maxLagMs: 60_000, ...options.config?.overload },
      manifests: [manifest, ...(options.config?.manifests ?? [])],
    }),
    {
      ...(options.now && { now: options.now }),
      ...(options.schedule && { schedule: options.schedule }),
    },
  );
  return {
    url: gateway.url,
    adminUrl: gateway.adminUrl,
    replaceSubgraphs: (subgraphs) => gateway.replaceSupergraph(toSupergraph(subgraphs)),
    replaceSafelist: gateway.replaceSafelist,
    signingKeyPem,
    log: gateway.log,
    async close() {
      await gateway.close();
      await rm(folder, { recursive: true });
    },
  };
}

function toSupergraph(subgraphs: TestGatewayOptions['subgraphs']): string {
  return composeSubgraphs(subgraphs.map(({ url, ...rest }) => ({ ...rest, routingUrl: url }))).supergraphSdl;
}
