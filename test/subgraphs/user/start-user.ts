/** A user subgraph under test, with words for logins. */
import { createUserSubgraph } from '../../../subgraphs/user/subgraph.ts';
import { service } from '../../support/subgraph-call.ts';
import { startSubgraph } from '../start-subgraph.ts';

export const appId = 'wx00000000000000a1';

export interface Registration {
  readonly appId?: string;
  readonly openid: string;
  readonly unionid?: string | null;
}

/** Without a `databaseUrl` the database is embedded and in memory. */
export async function startUser({ databaseUrl }: { databaseUrl?: string } = {}) {
  const users = await startSubgraph({
    name: 'user',
    startMs: Date.UTC(2026, 10, 22, 8, 30),
    databaseUrl,
    create: createUserSubgraph,
  });
  return {
    ...users,
    async register(identity: Registration): Promise<unknown> {
      const { data, errors } = await users.call({
        caller: service,
        query: `mutation ($appId: String!, $openid: String!, $unionid: String) {
          registered: registerWechatIdentity(appId: $appId, openid: $openid, unionid: $unionid) { userId roles }
        }`,
        variables: { appId, ...identity },
      });
      return errors ?? (data as { registered: unknown }).registered;
    },
  };
}

export type UserUnderTest = Awaited<ReturnType<typeof startUser>>;
