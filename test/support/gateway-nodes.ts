/** Several gateways that are one to their clients: they share keys and a Redis. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Answer, type AttackWorld, appId, startAttackWorld } from './attack-world.ts';
import type { TestGatewayOptions } from './test-gateway.ts';

export interface GatewayNodesOptions {
  readonly redisUrl: string;
  readonly isCluster?: boolean;
  /** Default: what a busy machine takes; where Redis has faults, the 50 of production. */
  readonly commandTimeoutMs?: number;
  /** Beside the keys. */
  readonly session?: NonNullable<TestGatewayOptions['config']>['session'];
  /** Beside the session, what all are set to. */
  readonly config?: Omit<NonNullable<TestGatewayOptions['config']>, 'redis' | 'session'>;
  readonly now?: () => number;
  /** Default: made. */
  readonly keyPrefix?: string;
}

/** What a login or a refresh gave. */
export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

export interface GatewayNodes {
  /** Each with subgraphs and a WeChat of its own, all alike. */
  readonly nodes: readonly AttackWorld[];
  readonly keyPrefix: string;
  readonly encryptionKey: Buffer;
  close(): Promise<void>;
}

export async function startGatewayNodes(count: number, options: GatewayNodesOptions): Promise<GatewayNodes> {
  const folder = await mkdtemp(join(tmpdir(), 'minigate-nodes-'));
  const signingKeyFile = join(folder, 'signing-key.pem');
  const { privateKey } = generateKeyPairSync('ed25519');
  await writeFile(signingKeyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const encryptionKey = randomBytes(32);
  const keyPrefix = `test:${randomBytes(6).toString('hex')}:`;
  const { redisUrl, isCluster = false, commandTimeoutMs = 2_000, now } = options;
  const nodes = await Promise.all(
    Array.from({ length: count }, () =>
      startAttackWorld({
        dev: true,
        ...(now && { now }),
        config: {
          ...options.config,
          redis: { url: redisUrl, cluster: isCluster, keyPrefix, commandTimeoutMs },
          session: {
            signingKeyFiles: [signingKeyFile],
            encryptionKeys: [encryptionKey.toString('base64')],
            ...options.session,
          },
        },
      }),
    ),
  );
  return {
    nodes,
    keyPrefix,
    encryptionKey,
    async close() {
      await Promise.all(nodes.map((node) => node.close()));
      await rm(folder, { recursive: true });
    },
  };
}

export async function logIn(node: AttackWorld, openid: string): Promise<Tokens> {
  const answer = await node.ask({
    path: '/auth/wechat/login',
    body: { appId, code: await node.loginCode(openid) },
  });
  if (answer.status !== 200) throw new Error(`${openid} was not logged in: ${answer.text}`);
  return answer.json as unknown as Tokens;
}

export const refresh = (node: AttackWorld, refreshToken: string): Promise<Answer> =>
  node.ask({ path: '/auth/refresh', body: { refreshToken } });

/** What a request of this person gives: the status, and the code of a refusal. */
export async function askAs(
  node: AttackWorld,
  { accessToken }: Pick<Tokens, 'accessToken'>,
  send: { readonly path?: string; readonly body?: object } = { body: { query: '{ me { name } }' } },
): Promise<string> {
  const answer = await node.ask({ ...send, headers: { authorization: `Bearer ${accessToken}` } });
  return [answer.status, answer.json?.errors?.[0]?.extensions?.code].filter(Boolean).join(' ');
}

export const logOut = (node: AttackWorld, tokens: Tokens, everywhere = ''): Promise<string> =>
  askAs(node, tokens, { path: `/auth/logout${everywhere}`, body: {} });

/** What an operator sends to the admin port. */
export async function askAdmin(
  node: AttackWorld,
  method: string,
  path: string,
  body?: object,
): Promise<{ readonly status: number; readonly json: unknown }> {
  const response = await fetch(new URL(path, node.gateway.adminUrl), {
    method,
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await response.text();
  return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
}
