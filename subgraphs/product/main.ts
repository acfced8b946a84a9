/** Runs the product subgraph alone, on port 4103 unless PORT says otherwise. */
import { z } from 'zod';
import { runSubgraph } from '../shared/run-subgraph.ts';
import { createProductSubgraph } from './subgraph.ts';

await runSubgraph({
  name: 'product',
  defaultPort: 4103,
  environment: process.env,
  ownSettings: z.object({}),
  create: createProductSubgraph,
});
