/** Runs the order subgraph alone, on port 4102 unless PORT says otherwise; PRODUCT_URL is the product subgraph's. */
import { z } from 'zod';
import { runSubgraph } from '../shared/run-subgraph.ts';
import { createOrderSubgraph } from './subgraph.ts';

await runSubgraph({
  name: 'order',
  defaultPort: 4102,
  environment: process.env,
  ownSettings: z.object({
    PRODUCT_URL: z
      .url({ protocol: /^https?$/, error: 'must begin with http:// or https://' })
      .default('http://127.0.0.1:4103/graphql'),
  }),
  create: ({ PRODUCT_URL, ...settings }) =>
    createOrderSubgraph({ ...settings, productUrl: new URL(PRODUCT_URL) }),
});
