/** Runs the user subgraph alone, on port 4101 unless PORT says otherwise. */
import { z } from 'zod';
import { runSubgraph } from '../shared/run-subgraph.ts';
import { createUserSubgraph } from './subgraph.ts';

await runSubgraph({
  name: 'user',
  defaultPort: 4101,
  environment: process.env,
  ownSettings: z.object({}),
  create: createUserSubgraph,
});
