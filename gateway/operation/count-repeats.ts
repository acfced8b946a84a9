/** Counts what a document asks again at the same place: fields of the same name, and fragments side by side. */
import { type DocumentNode, Kind, type SelectionSetNode } from 'graphql';

/** A hundred repeats are then 25 fragments side by side; 45 small ones held the process for 24 ms and more. */
const pairsPerRepeat = 3;

/**
 * Validation compares each of them with each other, and all that they hold. Inline fragments are no place of their own.
 * Of named fragments the pairs count, as if they repeated something. Expects a document of little nesting.
 */
export function countRepeats(document: DocumentNode): number {
  let repeats = 0;
  const count = ({ selections }: SelectionSetNode, names: Set<string>): void => {
    const spreads = selections.filter(({ kind }) => kind === Kind.FRAGMENT_SPREAD).length;
    repeats += Math.floor((spreads * (spreads - 1)) / 2 / pairsPerRepeat);
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
