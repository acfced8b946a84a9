/** Answers `__schema` and `__type` from the API schema, or from what of it the caller may see. */
import {
  type DocumentNode,
  executeSync,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Fragments } from './collect-fields.ts';
import type { DataObject } from './merge-answer.ts';
import { isIntrospection } from './plan-names.ts';

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
  const selections = onlyIntrospection(operation.selectionSet, fragments);
  if (selections.length === 0) return undefined;
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      { ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections } },
      ...fragments.values(),
    ],
  };
  return (variableValues, visibleSchema = schema) =>
    (executeSync({ schema: visibleSchema, document, variableValues }).data ?? {}) as DataObject;
}

/** With the conditions at them and above them; a named fragment stands in place of its name. */
function onlyIntrospection({ selections }: SelectionSetNode, fragments: Fragments): SelectionNode[] {
  return selections.flatMap((selection): SelectionNode[] => {
    if (selection.kind === Kind.FIELD) return isIntrospection(selection) ? [selection] : [];
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    const inner = fragment ? onlyIntrospection(fragment.selectionSet, fragments) : [];
    if (inner.length === 0) return [];
    const { directives = [] } = selection;
    const selectionSet = { kind: Kind.SELECTION_SET as const, selections: inner };
    return [{ kind: Kind.INLINE_FRAGMENT, directives, selectionSet }];
  });
}
