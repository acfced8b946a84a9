/** The whole example in one process: database, WeChat simulator, three subgraphs, the registry, and the gateway in front of them. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseConfig } from '../../gateway/config.ts';
import { createGateway, type GatewayParts } from '../../gateway/gateway.ts';
import { toPublicKeyText } from '../../registry/bundle/bundle-keys.ts';
import { loadSigningKey } from '../../registry/bundle/load-signing-key.ts';
import { createRegistry } from '../../registry/registry.ts';
import { parseRegistrySettings } from '../../registry/settings.ts';
import { createOrderSubgraph } from '../../subgraphs/order/subgraph.ts';
import { createProductSubgraph } from '../../subgraphs/product/subgraph.ts';
import { type DatabaseServer, openDatabase } from '../../subgraphs/shared/database.ts';
import { createUserSubgraph } from '../../subgraphs/user/subgraph.ts';
import { createWechatSimulator } from '../../wechat-simulator/simulator.ts';
import { demoApp, demoLogins } from './demo-app.ts';
import { publishShop, shopEnvironment } from './publish-shop.ts';
import type { StackSettings } from './settings.ts';

export interface Stack {
  readonly gatewayUrl: string;
  readonly adminUrl: string;
  readonly registryUrl: string;
  readonly simulatorUrl: string;
  /** By subgraph name. */
  readonly subgraphUrls: Readonly<Record<string, string>>;
  readonly database: DatabaseServer;
  close(): Promise<void>;
}

export interface StackParts extends GatewayParts {
  /** Told of each step before it begins. */
  readonly onProgress?: (step: string) => void;
}

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** Starts everything in the order in which the parts need each other; on a failure ends what had started. */
export async function startStack(settings: StackSettings, parts: StackParts = {}): Promise<Stack> {
  const { host, ports, dataDir } = settings;
  const { onProgress = () => {}, now = Date.now } = parts;
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'minigate-')));
  const policy = join(repository, 'gateway/access/rules.ts');
  const internalKey = randomBytes(32).toString('hex');
  const started: { close(): Promise<void> }[] = [];
  const start = async <T extends { close(): Promise<void> }>(part: Promise<T>): Promise<T> => {
    const running = await part;
    started.push(running);
    return running;
  };
  const close = async (): Promise<void> => {
    for (const running of started.reverse()) await running.close();
    if (dataDir === undefined) await rm(folder, { recursive: true, force: true });
  };
  try {
    // First, because a second start then learns at once that the ports are in use.
    const simulator = await start(
      createWechatSimulator({ host, port: ports.simulator, apps: { [demoApp.appId]: demoApp.secret }, now }),
    );
    onProgress(settings.databaseUrl ? 'connecting to Postgres' : 'opening the embedded Postgres');
    const databaseDir = dataDir && join(dataDir, 'postgres');
    const database = await start(openDatabase({ url: settings.databaseUrl, dataDir: databaseDir }));
    onProgress('starting the user, product and order subgraphs');
    const shared = { database, internalKey, host, now };
    const user = await start(createUserSubgraph({ ...shared, port: ports.user }));
    const product = await start(createProductSubgraph({ ...shared, port: ports.product }));
    const order = await start(
      createOrderSubgraph({ ...shared, port: ports.order, productUrl: new URL(product.url) }),
    );
    const subgraphUrls = { user: user.url, order: order.url, product: product.url };
    onProgress('publishing the schemas to the registry');
    const adminToken = randomBytes(32).toString('hex');
    const signingKey = await loadSigningKey({ fallbackFile: join(folder, 'signing-key.pem') });
    const registry = await start(
      createRegistry(
        parseRegistrySettings({
          ...{ dev: true, host: '127.0.0.1', port: ports.registry, adminToken },
          access: { policy },
        }),
        { database, signingKey, now },
      ),
    );
    await publishShop(registry.services, subgraphUrls);
    onProgress('starting the gateway');
    const gateway = await start(
      createGateway(
        parseConfig({
          dev: true,
          host,
          port: ports.gateway,
          admin: { host, port: ports.admin },
          registry: registry.url,
          environment: shopEnvironment,
          bundles: {
            token: adminToken,
            publicKeys: [toPublicKeyText(signingKey)],
            copyFile: join(folder, 'bundle'),
          },
          policy,
          manifests: [join(repository, 'client/demo/generated/manifest.json')],
          internalKey,
          wechat: { baseUrl: simulator.url, apps: { [demoApp.appId]: demoApp.secret } },
          sandbox: { logins: demoLogins },
          log: { level: settings.logLevel },
          // The embedded database works in the same event loop.
          overload: { maxLagMs: 1_000 },
        }),
        parts,
      ),
    );
    return {
      gatewayUrl: gateway.url,
      adminUrl: gateway.adminUrl,
      registryUrl: registry.url,
      simulatorUrl: simulator.url,
      subgraphUrls,
      database,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
