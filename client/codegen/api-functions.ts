/** Writes `createApi`: one typed function per operation, holding its id and name, and nothing of its text. */
import type { OperationDefinitionNode } from 'graphql';
import type { PersistedOperation } from './persisted-operation.ts';

export function toApiFunctions(operations: readonly PersistedOperation[]): string {
  return [
    '/** One function per operation of this mini-program. */',
    'export function createApi(client: Client) {',
    '  return {',
    ...operations.map(toFunction),
    '  };',
    '}',
    '',
    'export type Api = ReturnType<typeof createApi>;',
    '',
  ].join('\n');
}

function toFunction({ id, name, type, definition }: PersistedOperation): string {
  const functionName = name.charAt(0).toLowerCase() + name.slice(1);
  // The names that the typescript-operations plugin gives with `namingConvention: 'keep'`.
  const dataType = name + (type === 'query' ? 'Query' : 'Mutation');
  const optional = needsVariables(definition) ? '' : '?';
  const operation = `{ id: '${id}', name: '${name}', type: '${type}' }`;
  return [
    `    ${functionName}: (variables${optional}: ${dataType}Variables, options?: CallOptions) =>`,
    `      client.request<${dataType}>(${operation}, variables, options),`,
  ].join('\n');
}

function needsVariables({ variableDefinitions }: OperationDefinitionNode): boolean {
  return (variableDefinitions ?? []).some(
    ({ type, defaultValue }) => type.kind === 'NonNullType' && !defaultValue,
  );
}
