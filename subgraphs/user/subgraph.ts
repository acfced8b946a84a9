/** The user subgraph: users, their WeChat identities, addresses and roles. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type RunningSubgraph, serveSubgraph } from '../shared/subgraph-server.ts';
import type { SubgraphSettings } from '../shared/subgraph-settings.ts';
import { createUserContext } from './context.ts';
import { resolvers } from './resolvers.ts';
import { seedUsers } from './seed/seed-users.ts';

/** Brings the schema up to date, seeds an empty one, then serves it. */
export async function createUserSubgraph(options: SubgraphSettings): Promise<RunningSubgraph> {
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
