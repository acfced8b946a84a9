/** A subgraph under test: its clock stands still, its statements are recorded. */
import { openDatabase } from '../../subgraphs/shared/database.ts';
import type { RunningSubgraph } from '../../subgraphs/shared/subgraph-server.ts';
import type { SubgraphSettings } from '../../subgraphs/shared/subgraph-settings.ts';
import { callerOf, internalKey } from '../support/subgraph-call.ts';

export interface SubgraphUnderTest {
  readonly name: string;
  /** What the clock shows until a test moves it, in milliseconds since 1970. */
  readonly startMs: number;
  /** Without it the database is embedded and in memory. */
  readonly databaseUrl?: string | undefined;
  create(settings: SubgraphSettings): Promise<RunningSubgraph>;
}

export async function startSubgraph({ name, startMs, databaseUrl, create }: SubgraphUnderTest) {
  const clock = { now: startMs };
  const now = () => clock.now;
  const statements: string[] = [];
  const database = await openDatabase({ url: databaseUrl });
  const subgraph = await create({
    database,
    internalKey,
    host: '127.0.0.1',
    port: 0,
    now,
    onQuery: (sql) => statements.push(sql),
  });
  return {
    call: callerOf(subgraph.url, name, now),
    clock,
    /** For looking at rows from outside. */
    tables: database.connect(),
    /** The tables read by `run`, one entry a statement; a statement that reads none, whole. */
    async tablesRead(run: () => Promise<unknown>): Promise<string[]> {
      statements.length = 0;
      await run();
      return statements.map((sql) => /from "\w+"\."(\w+)"/.exec(sql)?.[1] ?? sql);
    },
    async close(): Promise<void> {
      await subgraph.close();
      await database.close();
    },
  };
}
