/** Writes the representation of an entity: the JSON by which a subgraph is told which entity is meant. */
import type { RequiredField, RequiredSelection, Rewrite } from '../planning/query-plan.ts';
import { Failure } from './failure.ts';
import { CodeWriter, readProperty } from './generated-code.ts';
import { isShallow } from './is-shallow.ts';
import type { DataObject } from './merge-answer.ts';
import type { PossibleTypes } from './possible-types.ts';
import { applyRewrites } from './rewrites.ts';

/** How one type of entity is told apart and represented. */
export interface RepresentType {
  readonly represent: Represent;
  /** Plain fields that the data and the subgraph hold under one name: an answer that contradicts them is of another entity. */
  readonly plainKeys: readonly string[];
  /**
   * Where the data holds all that is represented, the key last, when none of it is an object of selected fields: two
   * entities with the same values here have the same representation.
   */
  readonly tellingKeys: readonly string[] | undefined;
}

/**
 * JSON text; `undefined` when the entity is not of a type that the fetch is about or lacks a value; the failure when a
 * value is missing because of one.
 */
export type Represent = (entity: DataObject) => string | undefined | Failure;

/** `undefined` for an entity whose type the fetch is not about. */
export type RepresentationOf = (typename: string) => RepresentType | undefined;

export function compileRepresentation(
  requires: readonly RequiredSelection[],
  rewrites: readonly Rewrite[],
  possibleTypes: PossibleTypes,
): RepresentationOf {
  const byTypename = new Map<string, RepresentType | undefined>();
  return (typename) => {
    if (byTypename.has(typename)) return byTypename.get(typename);
    const fields = collectFields(requires, typename, possibleTypes);
    // A fetch whose fragments name other types only has nothing to say of this one.
    const type =
      fields.size === 0
        ? undefined
        : {
            represent: rewritten(writeForType(requires, typename, possibleTypes), rewrites, possibleTypes),
            plainKeys: plainKeysOf(fields),
            tellingKeys: tellingKeysOf(fields),
          };
    // The names come from subgraphs: a bound keeps a hostile one from filling the memory.
    if (byTypename.size < 1_000) byTypename.set(typename, type);
    return type;
  };
}

function plainKeysOf(fields: ReadonlyMap<string, RequiredField>): string[] {
  return [...fields.values()]
    .filter(({ name, alias, selections }) => name !== '__typename' && !alias && !selections)
    .map(({ name }) => name);
}

/** The planner names what a field requires before the entity's key. */
function tellingKeysOf(fields: ReadonlyMap<string, RequiredField>): string[] | undefined {
  const telling = [...fields.values()].filter(({ name }) => name !== '__typename');
  return telling.some(({ selections }) => selections)
    ? undefined
    : telling.map(({ name, alias }) => alias ?? name);
}

function writeForType(
  requires: readonly RequiredSelection[],
  typename: string,
  possibleTypes: PossibleTypes,
): Represent {
  const code = new CodeWriter();
  const failure = code.constant(Failure);
  const fields = collectFields(requires, typename, possibleTypes);
  if (fields.size === 0) return () => undefined;

  const writeObject = (selections: ReadonlyMap<string, RequiredField>): string => {
    const name = code.reserve();
    // Those that may be missing come last: whether a comma stands before them is then known by what is there.
    const ordered = [...selections.values()].sort(
      (a, b) => Number(a.optional === true) - Number(b.optional === true),
    );
    const parts = ordered.map((field, index) => {
      const read = `v = ${readProperty('e', field.alias ?? field.name)};`;
      const json = field.selections ? `${writeNested(field.selections)}(v)` : `${code.constant(toJson)}(v)`;
      const comma = index > 0 && !field.optional ? ',' : '';
      const member = JSON.stringify(`${comma}${JSON.stringify(field.name)}:`);
      const separate = index > 0 && field.optional ? "if (text.length > 1) text += ',';" : '';
      const write = `if (v instanceof ${failure}) return v;
        j = ${json}; if (typeof j !== 'string') return j;
        ${separate} text += ${member} + j;`;
      return field.optional
        ? `${read} if (v !== undefined) { ${write} }`
        : `${read} if (v === undefined) return undefined; ${write}`;
    });
    code.define(name, 'e', `let v, j, text = '{';\n${parts.join('\n')}\nreturn text + '}';`);
    return name;
  };

  /** Nested values may be null, lists, and of several types. */
  const writeNested = (selections: readonly RequiredSelection[]): string => {
    const byType = code.constant(compileNested(selections, possibleTypes));
    const name = code.reserve();
    code.define(
      name,
      'v',
      `if (v === null) return 'null';
       if (typeof v !== 'object') return undefined;
       if (v instanceof ${failure}) return v;
       if (!Array.isArray(v)) return ${byType}(v);
       const items = [];
       for (const item of v) { const j = ${name}(item); if (typeof j !== 'string') return j; items.push(j); }
       return '[' + items.join(',') + ']';`,
    );
    return name;
  };

  return code.build<Represent>(writeObject(fields));
}

function compileNested(selections: readonly RequiredSelection[], possibleTypes: PossibleTypes): Represent {
  const byTypename = new Map<unknown, Represent>();
  return (object) => {
    const typename = typeof object.__typename === 'string' ? object.__typename : '';
    const represent = byTypename.get(typename) ?? writeForType(selections, typename, possibleTypes);
    if (byTypename.size < 1_000) byTypename.set(typename, represent);
    return (
      represent(object) ?? (collectFields(selections, typename, possibleTypes).size === 0 ? '{}' : undefined)
    );
  };
}

/** The fields that hold for one type, by the name they are sent under. */
function collectFields(
  selections: readonly RequiredSelection[],
  typename: string,
  possibleTypes: PossibleTypes,
  fields = new Map<string, RequiredField>(),
): Map<string, RequiredField> {
  for (const selection of selections) {
    if (selection.kind === 'Field') {
      const known = fields.get(selection.name);
      const nested = [...(known?.selections ?? []), ...(selection.selections ?? [])];
      fields.set(selection.name, selection.selections ? { ...selection, selections: nested } : selection);
    } else if (
      !selection.typeCondition ||
      typename === '' ||
      possibleTypes(selection.typeCondition).has(typename)
    ) {
      collectFields(selection.selections, typename, possibleTypes, fields);
    }
  }
  return fields;
}

/** Most rewrites replace `__typename` by an interface's name; they are rare, so that going through JSON again is fine. */
function rewritten(
  represent: Represent,
  rewrites: readonly Rewrite[],
  possibleTypes: PossibleTypes,
): Represent {
  if (rewrites.length === 0) return represent;
  return (entity) => {
    const json = represent(entity);
    if (typeof json !== 'string') return json;
    const value: unknown = JSON.parse(json);
    applyRewrites(rewrites, value, possibleTypes);
    return JSON.stringify(value);
  };
}

function toJson(value: unknown): string | undefined | Failure {
  if (typeof value === 'string' && isSimple(value)) return `"${value}"`;
  if (typeof value === 'object' && !isShallow(value)) {
    return new Failure('SUBGRAPH_BAD_RESPONSE', 'A part of the answer is nested too deeply.');
  }
  return JSON.stringify(value);
}

/** Most ids are short and need no escape; to see that is cheaper than to write them as JSON. */
function isSimple(text: string): boolean {
  if (text.length > 40) return false;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x20 || unit > 0x7e || unit === 0x22 || unit === 0x5c) return false;
  }
  return true;
}
