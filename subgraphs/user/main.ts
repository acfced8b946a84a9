/** Runs the user subgraph alone, on port 4101 unless PORT says otherwise. */
import { runSubgraph } from '../shared/run-subgraph.ts';
import { createUserSubgraph } from './subgraph.ts';

await runSubgraph({
  name: 'user',
  defaultPort: 4101,
  environment: process.env,
  create: createUserSubgraph,
});
