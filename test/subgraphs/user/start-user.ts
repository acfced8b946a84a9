/** A user subgraph under test: its clock stands still, its statements are recorded. */

import { openDatabase } from '../../../subgraphs/shared/database.ts';
import { createUserSubgraph } from '../../../subgraphs/user/subgraph.ts';
import { callerOf, internalKey, service } from '../../support/subgraph-call.ts';

export const appId = 'wx00000000000000a1';

export interface Registration {
  readonly appId?: string;
  readonly openid: string;
  readonly unionid?: string | null;
}

/** Without a `databaseUrl` the database is embedded and in memory. */
export async function startUser({ databaseUrl }: { databaseUrl?: string } = {}) {
  const clock = { now: Date.UTC(2026, 10, 22, 8, 30) };
  const statements: string[] = [];
  const database = await openDatabase({ url: databaseUrl });
  const subgraph = await createUserSubgraph({
    database,
    internalKey,
    host: '127.0.0.1',
    port: 0,
    now: () => clock.now,
    onQuery: (sql) => statements.push(sql),
  });
  const call = callerOf(subgraph.url, 'user', () => clock.now);
  return {
    call,
    tables: database.connect(),
    /** The tables read by `run`, one entry a statement. */
    async tablesRead(run: () => Promise<unknown>): Promise<string[]> {
      statements.length = 0;
      await run();
      return statements.map((sql) => /from "users"\."(\w+)"/.exec(sql)?.[1] ?? sql);
    },
    async register(identity: Registration): Promise<unknown> {
      const { data, errors } = await call({
        caller: service,
        query: `mutation ($appId: String!, $openid: String!, $unionid: String) {
          registered: registerWechatIdentity(appId: $appId, openid: $openid, unionid: $unionid) { userId roles }
        }`,
        variables: { appId, ...identity },
      });
      return errors ?? (data as { registered: unknown }).registered;
    },
    async close(): Promise<void> {
      await subgraph.close();
      await database.close();
    },
  };
}

export type UserUnderTest = Awaited<ReturnType<typeof startUser>>;
