/** Counts the fields that a document asks again under the same name at the same place. */
import { type DocumentNode, Kind, type SelectionSetNode } from 'graphql';

/**
 * Validation compares each of them with each other, and all that they hold. Inline fragments are no place of their own;
 * what named fragments repeat is not counted. Expects a document of little nesting.
 */
export function countRepeats(document: DocumentNode): number {
  let repeats = 0;
  const count = ({ selections }: SelectionSetNode, names: Set<string>): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) count(selection.selectionSet, names);
      if (selection.kind !== Kind.FIELD) continue;
      const name = (selection.alias ?? selection.name).value;
      if (names.has(name)) repeats += 1;
      names.add(name);
      if (selection.selectionSet) count(selection.selectionSet, new Set());
    }
  };
  for (const definition of document.definitions) {
    if ('selectionSet' in definition && definition.selectionSet) count(definition.selectionSet, new Set());
  }
  return repeats;
}
