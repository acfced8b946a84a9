/** Lists the fields that a fetch asks of its entities, each with what it requires. */
import { Kind, type SelectionSetNode } from 'graphql';
import type { FieldNeeds, SeparatedSupergraph } from './required-arguments.ts';

/** A field of the entity itself: only such a one can require something. */
export interface AskedField {
  /** `Type.field`. */
  readonly coordinate: string;
  /** Whether `@skip` or `@include` stands at it or above it. */
  readonly isConditional: boolean;
  readonly needs: FieldNeeds | undefined;
}

export function askedFields(
  selectionSet: SelectionSetNode,
  { needs, objectTypes }: Pick<SeparatedSupergraph, 'needs' | 'objectTypes'>,
): AskedField[] {
  const needsOf = (typeName: string, field: string): FieldNeeds | undefined => {
    const known = needs.get(`${typeName}.${field}`);
    if (known || objectTypes.has(typeName)) return known;
    // Behind an interface any of its types may be the one that requires something.
    const all = [...needs].filter(([coordinate]) => coordinate.endsWith(`.${field}`)).map(([, each]) => each);
    return {
      paths: new Set(all.flatMap(({ paths }) => [...paths])),
      madeUp: new Set(all.flatMap(({ madeUp }) => [...madeUp])),
    };
  };
  const visit = (
    { selections }: SelectionSetNode,
    typeName: string,
    isUnderCondition: boolean,
  ): AskedField[] =>
    selections.flatMap((selection) => {
      const isConditional = isUnderCondition || (selection.directives?.length ?? 0) > 0;
      if (selection.kind === Kind.INLINE_FRAGMENT)
        return visit(selection.selectionSet, selection.typeCondition?.name.value ?? typeName, isConditional);
      if (selection.kind !== Kind.FIELD) return [];
      const field = selection.name.value;
      return [{ coordinate: `${typeName}.${field}`, isConditional, needs: needsOf(typeName, field) }];
    });
  return visit(selectionSet, '', false);
}
