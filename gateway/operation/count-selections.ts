/** Counts what an operation selects once its fragments are written out, without writing them out. */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * The fields selected, each as often as fragments repeat it; at most `Number.MAX_SAFE_INTEGER`. Every selection set is
 * visited once. Expects fragments that exist and do not contain themselves.
 */
export function countSelections(document: DocumentNode, operation: OperationDefinitionNode): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const counts = new Map<SelectionSetNode, number>();

  const count = (selectionSet: SelectionSetNode | undefined): number => {
    if (!selectionSet) return 0;
    const known = counts.get(selectionSet);
    if (known !== undefined) return known;
    let sum = 0;
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) sum += 1 + count(selection.selectionSet);
      else if (selection.kind === Kind.INLINE_FRAGMENT) sum += count(selection.selectionSet);
      else sum += count(fragments.get(selection.name.value)?.selectionSet);
    }
    const saturated = Math.min(sum, Number.MAX_SAFE_INTEGER);
    counts.set(selectionSet, saturated);
    return saturated;
  };

  return count(operation.selectionSet);
}
