/** What is generated from schemas and operations, and where to: `npm run codegen`. */
import type { CodegenConfig } from '@graphql-codegen/cli';
import { miniProgramPreset } from './client/codegen/preset.ts';

/** Typed resolvers of one subgraph. A mapper names the row that a resolver of that type is handed. */
function resolverTypes(subgraph: string, contextType: string, mappers: Record<string, string>) {
  return {
    schema: `subgraphs/${subgraph}/schema.graphql`,
    plugins: ['typescript', 'typescript-resolvers'],
    config: {
      federation: true,
      contextType: `../context.ts#${contextType}`,
      mappers,
      enumsAsTypes: true,
      immutableTypes: true,
      useTypeImports: true,
      resolversNonOptionalTypename: { unionMember: true },
      scalars: { DateTime: { input: 'string', output: 'Date' }, ID: 'string' },
    },
  };
}

const config: CodegenConfig = {
  importExtension: '.ts',
  generates: {
    'subgraphs/product/generated/resolver-types.ts': resolverTypes('product', 'ProductContext', {
      Category: '../tables.ts#CategoryRow',
      Product: '../tables.ts#ProductRow',
      Sku: '../tables.ts#SkuRow',
    }),
    'subgraphs/user/generated/resolver-types.ts': resolverTypes('user', 'UserContext', {
      Address: '../tables.ts#AddressRow',
      User: '../tables.ts#UserRow',
    }),
    'subgraphs/order/generated/resolver-types.ts': resolverTypes('order', 'OrderContext', {
      Order: '../tables.ts#OrderRow',
      OrderLine: '../tables.ts#OrderLineRow',
      Product: '../references.ts#ProductReference',
      Sku: '../references.ts#SkuReference',
      User: '../references.ts#UserReference',
    }),
    'client/demo/generated/': {
      schema: 'client/demo/schema.graphql',
      documents: 'client/demo/operations/*.graphql',
      preset: miniProgramPreset,
      presetConfig: { clientName: 'minigate-demo', clientModule: '../../index.ts' },
      config: { scalars: { DateTime: 'string' } },
    },
  },
};

export default config;
