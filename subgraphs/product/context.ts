/** What the resolvers of one request to the product subgraph share. */
import type { Database } from '../shared/database.ts';
import type { Caller } from '../verify/index.ts';
import { createProductLoaders, type ProductLoaders } from './loaders.ts';

export interface ProductContext {
  readonly caller: Caller;
  readonly database: Database;
  readonly loaders: ProductLoaders;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createProductContext(parts: Omit<ProductContext, 'loaders'>): ProductContext {
  return { ...parts, loaders: createProductLoaders(parts.database) };
}
