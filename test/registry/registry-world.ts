/** A registry with a database of its own, its clock in the test's hand, and tokens for two teams. */

import { generateKeyPairSync } from 'node:crypto';
import { toPublicKeyText } from '../../registry/bundle/bundle-keys.ts';
import { createRegistry, type RegistryParts } from '../../registry/registry.ts';
import { parseRegistrySettings } from '../../registry/settings.ts';
import { type DatabaseOptions, type DatabaseServer, openDatabase } from '../../subgraphs/shared/database.ts';

export const adminToken = 'an-administrator-of-the-registry-in-tests';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly ok: boolean;
    // biome-ignore lint/suspicious/noExplicitAny: each test reads the answer it expects
    readonly data?: any;
    // biome-ignore lint/suspicious/noExplicitAny: each test reads the answer it expects
    readonly error?: any;
  };
}

export interface RegistryWorld {
  readonly url: string;
  readonly database: DatabaseServer;
  /** Verifies bundles. */
  readonly publicKey: string;
  /** Milliseconds since 1970, for the registry; each look at it moves it on by one. */
  clock: number;
  call(token: string | undefined, method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer>;
  token(kind: string, scope: readonly string[], environment?: string, days?: number): Promise<string>;
  publish(token: string, subgraph: string, sdl: string, more?: object): Promise<Answer>;
  close(): Promise<void>;
}

export async function startRegistryWorld(
  settings: object = {},
  databaseOptions: DatabaseOptions = {},
  parts: Pick<RegistryParts, 'versionLookMs'> = {},
): Promise<RegistryWorld> {
  const database = await openDatabase(databaseOptions);
  const signingKey = generateKeyPairSync('ed25519').privateKey;
  const world = { clock: Date.parse('2026-11-24T08:00:00Z') };
  const registry = await createRegistry(
    parseRegistrySettings({ port: 0, adminToken, changesPerMinute: 1_000, ...settings }),
    {
      ...{ database, signingKey, ...parts },
      now: () => ++world.clock,
      onFault: (error) => process.stderr.write(`${String(error).slice(0, 200)}\n`),
    },
  );
  const call: RegistryWorld['call'] = async (token, method, path, body) => {
    const response = await fetch(`${registry.url}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : {} };
  };
  return Object.assign(world, {
    url: registry.url,
    database,
    publicKey: toPublicKeyText(signingKey),
    call,
    async token(kind: string, scope: readonly string[], environment = 'dev', days = 30) {
      const name = `${kind}-${scope.join('-').replaceAll('*', 'all')}`;
      const answer = await call(adminToken, 'POST', '/v1/tokens', { name, kind, scope, environment, days });
      return answer.body.data.token as string;
    },
    publish: (token: string, subgraph: string, sdl: string, more: object = {}) =>
      call(token, 'POST', `/v1/environments/dev/subgraphs/${encodeURIComponent(subgraph)}/publish`, {
        sdl,
        routingUrl: `http://${subgraph}.test/graphql`,
        ...more,
      }),
    async close() {
      await registry.close();
      await database.close();
    },
  });
}

/** Two subgraphs of two teams: people, and what they wrote. */
export const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@override", "@external", "@requires", "@provides", "@tag", "@inaccessible", "@interfaceObject", "@authenticated", "@requiresScopes"])';

export const people = `${link}
type Query { me: Person people: [Person!]! }
type Person @key(fields: "id") { id: ID! name: String! email: String }
interface Node { id: ID! }`;

export const notes = `${link}
type Query { notes: [Note!]! }
type Note { id: ID! text: String! author: Person! }
type Person @key(fields: "id") { id: ID! notes: [Note!]! }`;
