/** A user subgraph, and people who log in as behind the private link of 微信云托管: without a code. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConfigInput } from '../../gateway/config.ts';
import { composeSubgraphs } from '../../registry/compose.ts';
import { toOperation } from './greeting-graph.ts';
import { testInternalKey } from './test-gateway.ts';
import type { TestSubgraphDefinition } from './test-subgraph.ts';

export const me = 'query Me { me }';

/** Knows everybody by the openid; `place` is where, and told by `me`. */
export function toPersonGraph(place: string): TestSubgraphDefinition {
  return {
    name: 'user',
    sdl: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@inaccessible"])
      type Query { me: String }
      type Mutation {
        registerWechatIdentity(appId: String!, openid: String!, unionid: String): Registered! @inaccessible
        forgetWechatIdentity(
          eventId: String! appId: String! openid: String! everything: Boolean! revokeInfo: [Int!]!
        ): Boolean! @inaccessible
        touch: Boolean
      }
      type Registered @inaccessible { userId: ID! roles: [String!]! }`,
    resolvers: {
      Query: {
        me: (_: unknown, __: unknown, { caller }: { caller: { userId?: string } }) =>
          `${caller.userId ?? 'guest'} in ${place}`,
      },
      Mutation: {
        forgetWechatIdentity: () => true,
        registerWechatIdentity: (_: unknown, { openid }: { openid: string }) => ({
          ...{ userId: openid, roles: [] },
        }),
      },
    },
  };
}

export function toPeople(url: string) {
  const { name, sdl } = toPersonGraph('');
  return {
    supergraphSdl: composeSubgraphs([{ name, routingUrl: url, sdl }]).supergraphSdl,
    manifests: [{ operations: [toOperation(me)] }],
  };
}

export const appId = 'wx0000000000000001';
export const otherAppId = 'wx0000000000000002';

/** Of a gateway where they log in; its key lives in a temporary folder. */
export function personConfig(): Partial<ConfigInput> {
  const signingKeyFile = join(mkdtempSync(join(tmpdir(), 'minigate-key-')), 'key.pem');
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(signingKeyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return {
    internalKey: testInternalKey,
    session: { signingKeyFiles: [signingKeyFile] },
    wechat: {
      ...{ trustedHeaders: true, publicAccess: false },
      apps: { [appId]: 'a secret that only tests use', [otherAppId]: 'another that only tests use' },
    },
  };
}

export interface PersonTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly user: { readonly id: string };
}

/** What a path of the gateway answers: its body, or the code of the refusal. */
export async function post<Answer = unknown>(
  url: string,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer | string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as Answer & { errors?: { extensions: { code: string } }[] };
  return answer.errors?.[0]?.extensions.code ?? answer;
}

export const identityHeaders = (openid: string, of = appId) => ({
  ...{ 'x-wx-source': 'test', 'x-wx-appid': of, 'x-wx-openid': openid },
});
