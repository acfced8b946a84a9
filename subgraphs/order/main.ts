/** Runs the order subgraph alone, on port 4102 unless PORT says otherwise; PRODUCT_URL is the product subgraph's. */
import { runSubgraph } from '../shared/run-subgraph.ts';
import { createOrderSubgraph } from './subgraph.ts';

await runSubgraph({
  name: 'order',
  defaultPort: 4102,
  environment: process.env,
  create: async (settings) =>
    createOrderSubgraph({ ...settings, productUrl: parseProductUrl(process.env.PRODUCT_URL) }),
});

function parseProductUrl(text: string | undefined): URL {
  const url = URL.parse(text || 'http://127.0.0.1:4103/graphql');
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new Error('PRODUCT_URL must begin with http:// or https://');
  }
  return url;
}
