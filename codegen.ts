/** Generates types from the schemas: `npm run codegen`. */
import type { CodegenConfig } from '@graphql-codegen/cli';

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
      scalars: { DateTime: { input: 'string', output: 'Date | string' }, ID: 'string' },
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
  },
};

export default config;
