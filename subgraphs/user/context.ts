/** What the resolvers of one request to the user subgraph share. */
import type { Database } from '../shared/database.ts';
import type { Caller } from '../verify/index.ts';
import { createUserLoaders, type UserLoaders } from './loaders.ts';

export interface UserContext {
  readonly caller: Caller;
  readonly database: Database;
  readonly loaders: UserLoaders;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createUserContext(parts: Omit<UserContext, 'loaders'>): UserContext {
  return { ...parts, loaders: createUserLoaders(parts.database) };
}
