/** Says whether a fetch asks anything, given the Boolean variables that its fields depend on. */
import { type DirectiveNode, Kind, type SelectionSetNode } from 'graphql';

export type IsAsked = (variables: Readonly<Record<string, unknown>>) => boolean;

/** For a selection set that always asks something the function costs nothing. */
export function compileIsAsked(selections: SelectionSetNode): IsAsked {
  return asksAlways(selections) ? () => true : (variables) => asks(selections, variables);
}

function asksAlways({ selections }: SelectionSetNode): boolean {
  return selections.some(
    (selection) =>
      !selection.directives?.length &&
      (selection.kind !== Kind.INLINE_FRAGMENT || asksAlways(selection.selectionSet)),
  );
}

function asks({ selections }: SelectionSetNode, variables: Readonly<Record<string, unknown>>): boolean {
  return selections.some(
    (selection) =>
      (selection.directives ?? []).every((directive) => holds(directive, variables)) &&
      (selection.kind !== Kind.INLINE_FRAGMENT || asks(selection.selectionSet, variables)),
  );
}

function holds(directive: DirectiveNode, variables: Readonly<Record<string, unknown>>): boolean {
  const condition = directive.arguments?.find(({ name }) => name.value === 'if')?.value;
  const value =
    condition?.kind === Kind.VARIABLE
      ? variables[condition.name.value]
      : condition?.kind === Kind.BOOLEAN && condition.value;
  return directive.name.value === 'skip' ? value !== true : value === true;
}
