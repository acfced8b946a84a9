/** Whether a selection is asked for in a request, by its `@skip` and `@include`. */
import { Kind, type SelectionNode } from 'graphql';
import type { Variables } from './argument-value.ts';

/** Fixed by the document, or read from the variables. */
export type Inclusion = boolean | ((variables: Variables) => boolean);

export function toInclusion({ directives = [] }: SelectionNode): Inclusion {
  const conditions: ((variables: Variables) => boolean)[] = [];
  for (const { name, arguments: args = [] } of directives) {
    const wanted = name.value === 'include' ? true : name.value === 'skip' ? false : undefined;
    const value = args.find((argument) => argument.name.value === 'if')?.value;
    if (wanted === undefined || !value) continue;
    if (value.kind === Kind.BOOLEAN && value.value !== wanted) return false;
    if (value.kind === Kind.VARIABLE) {
      const variable = value.name.value;
      conditions.push((variables) => variables[variable] === wanted);
    }
  }
  if (conditions.length === 0) return true;
  return (variables) => conditions.every((holds) => holds(variables));
}
