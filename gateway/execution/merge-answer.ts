/** Takes from a subgraph's answer what its fetch asked for, and nothing else, into the data of the request. */
import { type FieldNode, Kind, type SelectionSetNode } from 'graphql';
import { Failure } from './failure.ts';
import { CodeWriter, isInherited, readProperty, writeProperty } from './generated-code.ts';
import type { PossibleTypes } from './possible-types.ts';

export type DataObject = Record<string, unknown>;

/**
 * Merges one object of the answer into one of the data. Extra keys are left out, objects and lists must be such,
 * `__typename` is never overwritten.
 *
 * @param isLast whether the source is used no more: what it holds then becomes part of the data where it is just what was
 * asked, which spares as many objects as most answers have
 */
export type MergeObject = (target: DataObject, source: DataObject, isLast: boolean) => void;

/** @param renames keys that rewrites give to fields of the answer, by the field's own response name */
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

  /** A function of a value and what stands in its place already, as when two subgraphs each know half of an object. */
  type WriteComposite = (selectionSet: SelectionSetNode, responseName: string) => string;

  const writeObject = (selectionSet: SelectionSetNode, composite: WriteComposite): string => {
    const name = code.reserve();
    code.define(name, 't, s', `let v;\n${writeSelections(selectionSet, composite)}`);
    return name;
  };

  const writeSelections = (selectionSet: SelectionSetNode, composite: WriteComposite): string =>
    selectionSet.selections
      .map((selection) => {
        if (selection.kind === Kind.FIELD) return writeField(selection, composite);
        if (selection.kind !== Kind.INLINE_FRAGMENT) throw new Error('A fetch spreads no named fragments.');
        const condition = selection.typeCondition?.name.value;
        const body = writeSelections(selection.selectionSet, composite);
        if (!condition) return body;
        const names = code.constant(possibleTypes(condition));
        // Without a __typename the planner has shown that the condition always holds.
        return `if (t.__typename === undefined || ${names}.has(t.__typename)) {\n${body}\n}`;
      })
      .join('\n');

  const writeField = (field: FieldNode, composite: WriteComposite): string => {
    const responseName = responseNameOf(field);
    const keys = [responseName, ...(renames.get(responseName) ?? [])];
    if (responseName === '__typename') {
      return `v = s.__typename; if (typeof v === 'string' && t.__typename === undefined) t.__typename = v;`;
    }
    const merge = field.selectionSet && composite(field.selectionSet, responseName);
    return keys
      .map((key) => {
        const value = merge ? `${merge}(v, ${readProperty('t', key)})` : 'v';
        return `v = ${readProperty('s', key)}; if (v !== undefined) { ${writeProperty('t', key, value)} }`;
      })
      .join('\n');
  };

  const writeCopy = memoize((selectionSet) => {
    const copy = writeObject(selectionSet, writeCopy);
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
       ${copy}(t, v);
       return t;`,
    );
    return name;
  });

  /** What several fragments select in one field is there for each of them to take. */
  const writeMoves = (selectionSet: SelectionSetNode): string => {
    const names = responseNamesOf(selectionSet);
    const isShared = (name: string): boolean => names.indexOf(name) !== names.lastIndexOf(name);
    return writeObject(selectionSet, (nested, name) => (isShared(name) ? writeCopy : writeMove)(nested));
  };

  const writeMove = memoize((selectionSet) => {
    const copy = writeCopy(selectionSet);
    const move = writeMoves(selectionSet);
    const name = code.reserve();
    code.define(
      name,
      'v, e',
      `if (e !== undefined) return ${copy}(v, e);
       if (v === null || v instanceof ${failure}) return v;
       if (typeof v !== 'object') return ${misfit};
       if (Array.isArray(v)) {
         for (let i = 0; i < v.length; i++) {
           const item = ${name}(v[i]);
           if (item !== v[i]) v[i] = item;
         }
         return v;
       }
       ${writeAdoption(selectionSet)}
       const t = {};
       ${move}(t, v);
       return t;`,
    );
    return name;
  });

  /** An object with all that was asked of it and no other key is taken as it is. */
  const writeAdoption = (selectionSet: SelectionSetNode): string => {
    const fields = plainFieldsOf(selectionSet, renames);
    if (!fields) return '';
    const tests = [...fields.keys()].map((key) =>
      key === '__typename' ? `typeof v.__typename === 'string'` : `${readProperty('v', key)} !== undefined`,
    );
    const moves = [...fields].flatMap(([key, nested]) => {
      const value = readProperty('v', key);
      const moved = nested && `v2 = ${writeMove(nested)}(${value}); if (v2 !== ${value}) ${value} = v2;`;
      return moved ?? [];
    });
    return `let count = 0;
      for (const key in v) count++;
      if (count === ${fields.size} && ${tests.join(' && ')}) {
        ${moves.length > 0 ? 'let v2;' : ''}
        ${moves.join('\n')}
        return v;
      }`;
  };

  const [copy, move] = [writeObject(selections, writeCopy), writeMoves(selections)];
  const name = code.reserve();
  code.define(name, 't, s, isLast', `return isLast ? ${move}(t, s) : ${copy}(t, s);`);
  return code.build<MergeObject>(name);
}

/** What is selected inside each field, by response name; `undefined` where not every object has the same fields. */
function plainFieldsOf(
  { selections }: SelectionSetNode,
  renames: ReadonlyMap<string, readonly string[]>,
): Map<string, SelectionSetNode | undefined> | undefined {
  const fields = new Map<string, SelectionSetNode | undefined>();
  for (const selection of selections) {
    if (selection.kind !== Kind.FIELD) return undefined;
    const responseName = responseNameOf(selection);
    if (fields.has(responseName) || renames.has(responseName) || isInherited(responseName)) return undefined;
    fields.set(responseName, selection.selectionSet);
  }
  return fields;
}

/** Those inside its fragments too. */
function responseNamesOf({ selections }: SelectionSetNode): string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return responseNameOf(selection);
    return selection.kind === Kind.INLINE_FRAGMENT ? responseNamesOf(selection.selectionSet) : [];
  });
}

function responseNameOf({ alias, name }: FieldNode): string {
  return alias?.value ?? name.value;
}

function memoize(
  write: (selectionSet: SelectionSetNode) => string,
): (selectionSet: SelectionSetNode) => string {
  const names = new Map<SelectionSetNode, string>();
  return (selectionSet) => {
    const name = names.get(selectionSet) ?? write(selectionSet);
    names.set(selectionSet, name);
    return name;
  };
}

/** Where the data holds what is at the top of a selection set, inside its fragments too. */
export function topLevelKeys(
  selectionSet: SelectionSetNode,
  renames: ReadonlyMap<string, readonly string[]>,
): string[] {
  const keys = responseNamesOf(selectionSet).flatMap((name) => renames.get(name) ?? [name]);
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
