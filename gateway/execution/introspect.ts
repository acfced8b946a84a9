/** Answers `__schema` and `__type` from the API schema, or from what of it the caller may see. */
import {
  type DocumentNode,
  executeSync,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import { collectFields, type Fragments } from './collect-fields.ts';
import type { DataObject } from './merge-answer.ts';

export type Introspect = (
  variables: Readonly<Record<string, unknown>>,
  visibleSchema?: GraphQLSchema,
) => DataObject;

/** `undefined` when the operation asks nothing of the schema itself. */
export function compileIntrospection(
  schema: GraphQLSchema,
  fragments: Fragments,
  operation: OperationDefinitionNode,
): Introspect | undefined {
  const root = schema.getRootType(operation.operation);
  if (!root) return undefined;
  const asked = collectFields(schema, fragments, root, [
    { selectionSet: operation.selectionSet, inclusion: [] },
  ])
    .filter(({ node }) => node.name.value === '__schema' || node.name.value === '__type')
    .map(({ node, selections }) => ({
      ...node,
      selectionSet: {
        kind: Kind.SELECTION_SET as const,
        selections: selections.flatMap(({ selectionSet }) => selectionSet.selections),
      },
    }));
  if (asked.length === 0) return undefined;
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      { ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections: asked } },
      ...fragments.values(),
    ],
  };
  return (variableValues, visibleSchema = schema) =>
    (executeSync({ schema: visibleSchema, document, variableValues }).data ?? {}) as DataObject;
}
