/** The user subgraph: users, their WeChat identities, addresses and roles. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DatabaseServer } from '../shared/database.ts';
import { type RunningSubgraph, serveSubgraph } from '../shared/subgraph-server.ts';
import { createUserContext } from './context.ts';
import { resolvers } from './resolvers.ts';
import { seedUsers } from './seed/seed-users.ts';

export interface UserSubgraphOptions {
  readonly database: DatabaseServer;
  /** The key shared with the gateway and the other services, for signatures. */
  readonly internalKey: string;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Sees the text of every statement that requests send. */
  readonly onQuery?: (sql: string) => void;
  /** Sees what went wrong inside: neither the caller nor the data is to blame. */
  readonly onFault?: (error: unknown) => void;
}

/** Brings the schema up to date, seeds an empty one, then serves it. */
export async function createUserSubgraph(options: UserSubgraphOptions): Promise<RunningSubgraph> {
  const { now } = options;
  await options.database.migrate({
    schema: 'users',
    folder: fileURLToPath(new URL('migrations', import.meta.url)),
  });
  await seedUsers(options.database.connect());

  const database = options.database.connect(options.onQuery);
  return serveSubgraph({
    ...options,
    name: 'user',
    typeDefs: readFileSync(new URL('schema.graphql', import.meta.url), 'utf8'),
    resolvers,
    createContext: (caller) => createUserContext({ caller, database, now }),
  });
}
