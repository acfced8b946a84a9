/** Cuts the merged data to exactly the shape that the operation asks for; nulls bubble, errors are located. */
import {
  type FieldNode,
  type GraphQLAbstractType,
  type GraphQLInterfaceType,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  type OperationDefinitionNode,
} from 'graphql';
import {
  type CollectedField,
  type ConditionalSelections,
  collectFields,
  type Fragments,
  type Inclusion,
} from './collect-fields.ts';
import { Failure } from './failure.ts';
import { CodeWriter, readProperty, writeProperty } from './generated-code.ts';
import { isShallow } from './is-shallow.ts';
import type { DataObject } from './merge-answer.ts';
import { isIntrospection } from './plan-names.ts';
import type { ProjectionReport } from './projection-report.ts';

/** The client's `data`, or null when a null bubbled to the root. */
export type Project = (data: DataObject, report: ProjectionReport) => DataObject | null;

/**
 * Generated functions take a value, the report, and how many elements of its path lead to the value. They return null
 * for what is null or has become so; whoever called decides whether it may be.
 */
type ProjectValue = (value: unknown, report: ProjectionReport, length: number) => unknown;

export function compileProjection(
  schema: GraphQLSchema,
  fragments: Fragments,
  operation: OperationDefinitionNode,
  dataKey: (field: FieldNode) => string,
): Project {
  const root = schema.getRootType(operation.operation);
  if (!root) throw new Error(`The schema has no ${operation.operation} type.`);
  const code = new CodeWriter();
  const failure = code.constant(Failure);
  const unplanned = code.constant(new Failure('SUBGRAPH_ERROR', 'No subgraph can answer this.'));
  const objects = new Map<string, string>();
  const selectionIds = new Map<unknown, number>();

  const keyOf = (type: string, selections: readonly ConditionalSelections[]): string => {
    const ids = selections.map(({ selectionSet, inclusion }) => {
      const id = selectionIds.get(selectionSet) ?? selectionIds.size;
      selectionIds.set(selectionSet, id);
      return [id, inclusion];
    });
    return JSON.stringify([type, ids]);
  };

  const writeObject = (
    type: GraphQLObjectType | GraphQLInterfaceType,
    selections: readonly ConditionalSelections[],
  ): string => {
    const key = keyOf(type.name, selections);
    const known = objects.get(key);
    if (known) return known;
    const name = code.reserve();
    objects.set(key, name);
    const fields = collectFields(schema, fragments, type, selections);
    const statements = fields.map((field, index) => writeField(type, field, index));
    const isPlain = fields.every((field) => isAlwaysIncluded(field) && field.responseName !== '__proto__');
    const result = isPlain
      ? `return { ${fields.map(({ responseName }, index) => `${JSON.stringify(responseName)}: o${index}`).join(', ')} };`
      : `const o = {};\n${writeInOrder(fields)}\nreturn o;`;
    code.define(name, 'd, r, n', `const p = r.path;\n${statements.join('\n')}\n${result}`);
    return name;
  };

  /** Writing a property again leaves it where it was written first. */
  const writeInOrder = (fields: readonly CollectedField[]): string =>
    fields
      .flatMap(({ responseName, occurrences }, index) =>
        occurrences.map(({ place, inclusion }) => ({
          place,
          text: `if (${writeInclusion(inclusion)}) { ${writeProperty('o', responseName, `o${index}`)} }`,
        })),
      )
      .sort((a, b) => a.place - b.place)
      .map(({ text }) => text)
      .join('\n');

  const writeField = (
    type: GraphQLObjectType | GraphQLInterfaceType,
    field: CollectedField,
    index: number,
  ): string => {
    const { responseName, node, selections } = field;
    const output = `o${index}`;
    const guard = isAlwaysIncluded(field)
      ? ''
      : `if (${field.occurrences.map(({ inclusion }) => `(${writeInclusion(inclusion)})`).join(' || ')})`;
    if (node.name.value === '__typename') {
      const name = JSON.stringify(type.name);
      // Of an interface the type is not known, see below: nobody may ask it.
      return isInterfaceType(type)
        ? `${guard}{ return r.misfit(d, n, ${name}); }`
        : `const ${output} = ${name};`;
    }
    // Answered before, and in the data as it is to be sent.
    if (isIntrospection(node)) return `const ${output} = ${readProperty('d', responseName)};`;
    const definition = type.getFields()[node.name.value];
    if (!definition) return `const ${output} = null;`;
    const read = readProperty('d', dataKey(node));
    const value = isUnplanned(definition.type) ? `${read} === undefined ? ${unplanned} : ${read}` : read;
    const nullable = isNonNullType(definition.type) ? definition.type.ofType : definition.type;
    const call = `${writeValue(nullable, selections)}(v${index}, r, n + 1)`;
    const test = fastTest(nullable, `v${index}`);
    const slow = `p[n] = ${JSON.stringify(responseName)};\n${output} = ${call};`;
    const coordinate = code.constant(`field ${type.name}.${definition.name}`);
    const bubble = isNonNullType(definition.type)
      ? `if (${output} === null) { p[n] = ${JSON.stringify(responseName)}; return r.missing(v${index}, n + 1, ${coordinate}); }`
      : '';
    const body = `const v${index} = ${value};\n${test ? `if (${test}) ${output} = v${index};\nelse {\n${slow}\n}` : slow}\n${bubble}`;
    return `let ${output};\n${guard}{\n${body}\n}`;
  };

  /** The planner leaves an interface out that no type implements, unless a subgraph knows it as an object of its own. */
  const isUnplanned = (type: GraphQLOutputType): boolean => {
    const named = getNamedType(type);
    return isInterfaceType(named) && schema.getPossibleTypes(named).length === 0;
  };

  /** Values that are right as they are, without a call; lists and objects never are. */
  const fastTest = (type: GraphQLOutputType, value: string): string | undefined => {
    const { name } = getNamedType(type);
    if (isListType(type)) return undefined;
    if (name === 'ID' || name === 'String') return `typeof ${value} === 'string'`;
    if (name === 'Boolean') return `typeof ${value} === 'boolean'`;
    if (name === 'Int') return `typeof ${value} === 'number' && (${value} | 0) === ${value}`;
    return undefined;
  };

  const writeValue = (type: GraphQLOutputType, selections: readonly ConditionalSelections[]): string => {
    if (isListType(type)) return writeList(type.ofType, selections);
    if (isObjectType(type)) {
      // A root type may have a name of its own in a subgraph.
      const isRoot = type === schema.getQueryType() || type === schema.getMutationType();
      const name = JSON.stringify(type.name);
      const isOther = isRoot ? '' : ` || (v.__typename !== undefined && v.__typename !== ${name})`;
      return writeComposite(writeObject(type, selections), type.name, isOther);
    }
    if (isAbstractType(type)) {
      const names = schema.getPossibleTypes(type).map((object) => {
        return `case ${JSON.stringify(object.name)}: return ${writeObject(object, selections)}(v, r, n);`;
      });
      const name = code.reserve();
      code.define(
        name,
        'v, r, n',
        `switch (v.__typename) {\n${names.join('\n')}\ndefault: if (v.__typename instanceof ${failure}) return r.misfit(v.__typename, n, ''); ${writeUnknownType(type, selections)}\n}`,
      );
      return writeComposite(name, type.name);
    }
    return code.constant(projectLeaf(type as GraphQLLeafType));
  };

  /**
   * A subgraph that knows an interface only as an object of its own cannot say which type it has at hand; as long as
   * only the interface's fields are asked, nobody needs to know.
   */
  const writeUnknownType = (
    type: GraphQLAbstractType,
    selections: readonly ConditionalSelections[],
  ): string => {
    const misfit = `return r.misfit(v, n, ${JSON.stringify(type.name)});`;
    if (!isInterfaceType(type)) return misfit;
    const isInterface = `v.__typename === undefined || v.__typename === ${JSON.stringify(type.name)}`;
    return `if (${isInterface}) return ${writeObject(type, selections)}(v, r, n); ${misfit}`;
  };

  const writeComposite = (object: string, typeName: string, isOther = ''): string => {
    const name = code.reserve();
    code.define(
      name,
      'v, r, n',
      `if (typeof v !== 'object' || v === null || v instanceof ${failure} || Array.isArray(v)${isOther}) return r.misfit(v, n, ${JSON.stringify(typeName)});
       return ${object}(v, r, n);`,
    );
    return name;
  };

  const writeList = (itemType: GraphQLOutputType, selections: readonly ConditionalSelections[]): string => {
    const required = isNonNullType(itemType);
    const item = writeValue(required ? itemType.ofType : itemType, selections);
    const coordinate = JSON.stringify(`item of a list of ${itemType}`);
    const name = code.reserve();
    code.define(
      name,
      'v, r, n',
      `if (!Array.isArray(v)) return r.misfit(v, n, 'list');
       const p = r.path;
       const list = new Array(v.length);
       for (let i = 0; i < v.length; i++) {
         p[n] = i;
         const item = ${item}(v[i], r, n + 1);
         ${required ? `if (item === null) { p[n] = i; return r.missing(v[i], n + 1, ${coordinate}); }` : ''}
         list[i] = item;
       }
       return list;`,
    );
    return name;
  };

  const rootSelections = [{ selectionSet: operation.selectionSet, inclusion: [] }];
  const project = code.build<
    (data: DataObject, report: ProjectionReport, length: number) => DataObject | null
  >(writeObject(root, rootSelections));
  return (data, report) => project(data, report, 0);
}

function isAlwaysIncluded({ occurrences }: CollectedField): boolean {
  return occurrences[0]?.inclusion.length === 0;
}

function writeInclusion(inclusion: Inclusion): string {
  const tests = inclusion.map(
    ({ variable, value }) => `r.variables[${JSON.stringify(variable)}] === ${value}`,
  );
  return tests.join(' && ') || 'true';
}

/** What each leaf type takes from a subgraph; numbers as ids are common and safe. */
function projectLeaf(type: GraphQLLeafType): ProjectValue {
  const fits = leafTest(type);
  return (value, report, length) => {
    if (fits(value)) return type.name === 'ID' ? String(value) : value;
    return report.misfit(value, length, type.name);
  };
}

function leafTest(type: GraphQLLeafType): (value: unknown) => boolean {
  if (isEnumType(type)) return (value) => typeof value === 'string' && type.getValue(value) !== undefined;
  switch (type.name) {
    case 'ID':
      return (value) => typeof value === 'string' || Number.isSafeInteger(value);
    case 'String':
      return (value) => typeof value === 'string';
    case 'Boolean':
      return (value) => typeof value === 'boolean';
    case 'Int':
      return (value) => typeof value === 'number' && (value | 0) === value;
    case 'Float':
      return (value) => typeof value === 'number';
    default:
      return (value) =>
        value !== null && value !== undefined && !(value instanceof Failure) && isShallow(value);
  }
}
