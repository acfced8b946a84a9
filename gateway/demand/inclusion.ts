/** What a selection's `@skip` and `@include` make of it, as far as it depends on the variables of a request. */
import { Kind, type SelectionNode } from 'graphql';

/** A variable, and the value that it must have for the selection to be asked for. */
export interface Condition {
  readonly variable: string;
  readonly wanted: boolean;
}

/** All of them must hold; `undefined` where the document itself says that the selection is not asked for. */
export function toConditions({ directives = [] }: SelectionNode): readonly Condition[] | undefined {
  const conditions: Condition[] = [];
  for (const { name, arguments: args = [] } of directives) {
    const wanted = name.value === 'include' ? true : name.value === 'skip' ? false : undefined;
    const value = args.find((argument) => argument.name.value === 'if')?.value;
    if (wanted === undefined || !value) continue;
    if (value.kind === Kind.BOOLEAN && value.value !== wanted) return undefined;
    if (value.kind === Kind.VARIABLE) conditions.push({ variable: value.name.value, wanted });
  }
  return conditions;
}
