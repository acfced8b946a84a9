/** Copies from a subgraph's answer what its fetch asked for, and nothing else, into the data of the request. */
import { type FieldNode, Kind, type SelectionSetNode } from 'graphql';
import { Failure } from './failure.ts';
import { CodeWriter, readProperty, writeProperty } from './generated-code.ts';
import type { PossibleTypes } from './possible-types.ts';

export type DataObject = Record<string, unknown>;

/** Merges one object of the answer into one of the data. */
export type MergeObject = (target: DataObject, source: DataObject) => void;

/**
 * Extra keys are left out, objects and lists must be such, `__typename` is never overwritten.
 *
 * @param renames keys that rewrites give to fields of the answer, by the field's own response name
 */
export function compileMerge(
  selections: SelectionSetNode,
  possibleTypes: PossibleTypes,
  renames: ReadonlyMap<string, readonly string[]>,
): MergeObject {
  const code = new CodeWriter();
  const failure = code.constant(Failure);
  const misfit = code.constant(
    new Failure('SUBGRAPH_BAD_RESPONSE', 'A part of the answer has the wrong shape.'),
  );

  const writeObject = (selectionSet: SelectionSetNode): string => {
    const name = code.reserve();
    code.define(name, 't, s', `let v;\n${writeSelections(selectionSet)}`);
    return name;
  };

  const writeSelections = (selectionSet: SelectionSetNode): string =>
    selectionSet.selections
      .map((selection) => {
        if (selection.kind === Kind.FIELD) return writeField(selection);
        if (selection.kind !== Kind.INLINE_FRAGMENT) throw new Error('A fetch spreads no named fragments.');
        const condition = selection.typeCondition?.name.value;
        const body = writeSelections(selection.selectionSet);
        if (!condition) return body;
        const names = code.constant(possibleTypes(condition));
        // Without a __typename the planner has shown that the condition always holds.
        return `if (t.__typename === undefined || ${names}.has(t.__typename)) {\n${body}\n}`;
      })
      .join('\n');

  const writeField = (field: FieldNode): string => {
    const responseName = field.alias?.value ?? field.name.value;
    const keys = [responseName, ...(renames.get(responseName) ?? [])];
    if (responseName === '__typename') {
      return `v = s.__typename; if (typeof v === 'string' && t.__typename === undefined) t.__typename = v;`;
    }
    const merge = field.selectionSet && writeComposite(field.selectionSet);
    return keys
      .map((key) => {
        const value = merge ? `${merge}(v, ${readProperty('t', key)})` : 'v';
        return `v = ${readProperty('s', key)}; if (v !== undefined) { ${writeProperty('t', key, value)} }`;
      })
      .join('\n');
  };

  /** A function of a value and what stands in its place already, as when two subgraphs each know half of an object. */
  const writeComposite = (selectionSet: SelectionSetNode): string => {
    const merge = writeObject(selectionSet);
    const name = code.reserve();
    code.define(
      name,
      'v, e',
      `if (v === null) return e === undefined ? null : e;
       if (typeof v !== 'object') return ${misfit};
       if (v instanceof ${failure}) return e === undefined || e === null ? v : e;
       if (Array.isArray(v)) {
         const known = Array.isArray(e) && e.length === v.length ? e : undefined;
         const list = new Array(v.length);
         for (let i = 0; i < v.length; i++) list[i] = ${name}(v[i], known && known[i]);
         return list;
       }
       const t = typeof e === 'object' && e !== null && !Array.isArray(e) && !(e instanceof ${failure}) ? e : {};
       ${merge}(t, v);
       return t;`,
    );
    return name;
  };

  return code.build<MergeObject>(writeObject(selections));
}

/** Where the data holds what is at the top of a selection set, inside its fragments too. */
export function topLevelKeys(
  { selections }: SelectionSetNode,
  renames: ReadonlyMap<string, readonly string[]>,
): string[] {
  const keys = selections.flatMap((selection) => {
    if (selection.kind === Kind.INLINE_FRAGMENT) return topLevelKeys(selection.selectionSet, renames);
    if (selection.kind !== Kind.FIELD) return [];
    const responseName = selection.alias?.value ?? selection.name.value;
    return renames.get(responseName) ?? [responseName];
  });
  return [...new Set(keys)].filter((key) => key !== '__typename');
}

/** Whether the planner asks of what type entities are: it does so in a fragment, beside what is asked of every entity. */
export function bringsType({ selections }: SelectionSetNode): boolean {
  return selections.some(
    (selection) =>
      selection.kind === Kind.INLINE_FRAGMENT &&
      (selection.selectionSet.selections.some(
        (inner) => inner.kind === Kind.FIELD && inner.name.value === '__typename',
      ) ||
        bringsType(selection.selectionSet)),
  );
}
