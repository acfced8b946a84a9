import { generate } from '@graphql-codegen/cli';
import { expect, it } from 'vitest';
import { miniProgramPreset } from '../../../client/codegen/preset.ts';

const schema = `
  type Query { me: User, product(id: ID!): Product }
  type Mutation { rename(name: String!): RenameResult! }
  type User { id: ID! }
  type Product { id: ID! title: String! }
  type NameTaken { by: String! }
  union RenameResult = User | NameTaken
`;

async function filesFor(documents: string[], presetConfig: { clientName: string }) {
  const config = { generates: { 'out/': { schema, documents, preset: miniProgramPreset, presetConfig } } };
  const files: { filename: string; content: string }[] = await generate({ ...config, silent: true }, false);
  return new Map(files.map(({ filename, content }) => [filename, content]));
}

it('writes types, and one function per operation that holds no text of it', async () => {
  const files = await filesFor(
    [
      'query ProductPage($id: ID!) { product(id: $id) { title } }',
      'query Me($optional: ID) { me { id } }',
      'mutation Rename($name: String!) { rename(name: $name) { ... on NameTaken { by } } }',
    ],
    { clientName: 'shop' },
  );
  const operations = files.get('out/operations.ts') ?? '';
  const { operations: registered } = JSON.parse(files.get('out/manifest.json') ?? '');
  const idOf = (name: string) => registered.find((operation: { name: string }) => operation.name === name).id;

  expect([...files.keys()]).toEqual(['out/operations.ts', 'out/manifest.json']);
  expect(operations).toContain("import type { CallOptions, Client } from '@minigate/client';");
  expect(operations).toContain(`export type RenameMutation = { readonly rename:
    | { readonly __typename: 'NameTaken', readonly by: string }
    | { readonly __typename: 'User' }
   };`);
  expect(operations.slice(operations.indexOf('export function createApi'))).toBe(
    `export function createApi(client: Client) {
  return {
    me: (variables?: MeQueryVariables, options?: CallOptions) =>
      client.request<MeQuery>({ id: '${idOf('Me')}', name: 'Me', type: 'query' }, variables, options),
    productPage: (variables: ProductPageQueryVariables, options?: CallOptions) =>
      client.request<ProductPageQuery>({ id: '${idOf('ProductPage')}', name: 'ProductPage', type: 'query' }, variables, options),
    rename: (variables: RenameMutationVariables, options?: CallOptions) =>
      client.request<RenameMutation>({ id: '${idOf('Rename')}', name: 'Rename', type: 'mutation' }, variables, options),
  };
}

export type Api = ReturnType<typeof createApi>;
`,
  );
});

it('needs the name of the client', async () => {
  await expect(filesFor(['query Me { me { id } }'], { clientName: '' })).rejects.toThrow(
    'presetConfig.clientName is missing',
  );
});
