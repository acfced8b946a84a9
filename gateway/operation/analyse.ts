/** One pass over the selected operation: every field it may reach, under each type in whose name it must be judged. */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  typeFromAST,
} from 'graphql';
import { RequestError } from '../errors.ts';
import { countSelections } from './count-selections.ts';

/** A field as selected somewhere in the operation. `@skip` and `@include` are ignored: it might be asked. */
export interface FieldUse {
  /** Every object and interface type whose rule for the field applies here. */
  readonly typeNames: readonly string[];
  readonly field: GraphQLField<unknown, unknown>;
  readonly node: FieldNode;
}

export interface OperationAnalysis {
  readonly operation: OperationDefinitionNode;
  readonly fields: readonly FieldUse[];
  /** Object, interface and union types that some field returns. */
  readonly returnedTypes: ReadonlySet<string>;
}

/**
 * Linear in the document however its fragments fan out: a selection set is visited once per type and set of
 * object types possible there. Expects a document that validates against the schema.
 */
export function analyseOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): OperationAnalysis {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const fields: FieldUse[] = [];
  const returnedTypes = new Set<string>();
  const visited = new Map<SelectionSetNode, Set<string>>();

  const visit = (selections: SelectionSetNode, type: GraphQLCompositeType, scope: Scope): void => {
    const key = `${type.name}:${scope.map(({ name }) => name).join()}`;
    const seen = visited.get(selections) ?? new Set();
    if (seen.has(key)) return;
    visited.set(selections, seen.add(key));
    for (const selection of selections.selections) {
      if (selection.kind === Kind.FIELD) {
        visitField(selection, type, scope);
        continue;
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      if (!fragment) continue;
      const condition = fragment.typeCondition ? typeFromAST(schema, fragment.typeCondition) : type;
      if (!isCompositeType(condition)) continue;
      const narrowed = scope.filter((object) => possibleTypes(schema, condition).includes(object));
      if (narrowed.length > 0) visit(fragment.selectionSet, condition, narrowed);
    }
  };

  const visitField = (node: FieldNode, type: GraphQLCompositeType, scope: Scope): void => {
    const field = 'getFields' in type ? type.getFields()[node.name.value] : undefined;
    if (!field) return; // `__typename`, or introspection, which is no field of the schema's own types
    fields.push({ typeNames: typesToJudge(field.name, type, scope), field, node });
    const returned = getNamedType(field.type);
    if (!isCompositeType(returned) || !node.selectionSet) return;
    returnedTypes.add(returned.name);
    visit(node.selectionSet, returned, possibleTypes(schema, returned));
  };

  const root = schema.getRootType(operation.operation);
  if (root) visit(operation.selectionSet, root, [root]);
  return { operation, fields, returnedTypes };
}

type Scope = readonly GraphQLObjectType[];

function possibleTypes(schema: GraphQLSchema, type: GraphQLCompositeType): Scope {
  return isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
}

/** The type named in the document, each object type possible there, and the interfaces that declare the field for them. */
function typesToJudge(fieldName: string, type: GraphQLCompositeType, scope: Scope): string[] {
  const names = new Set<string>([type.name]);
  for (const object of scope) {
    names.add(object.name);
    for (const declared of object.getInterfaces())
      if (declared.getFields()[fieldName]) names.add(declared.name);
  }
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const declared of type.getInterfaces())
      if (declared.getFields()[fieldName]) names.add(declared.name);
  }
  return [...names];
}

/**
 * Analyses each operation of each document once; the memory goes when the document is forgotten. The function throws
 * LIMIT_EXCEEDED for an operation of more than `maxSelections` fields, fragments written out.
 */
export function createAnalyser(schema: GraphQLSchema, maxSelections: number) {
  const known = new WeakMap<OperationDefinitionNode, OperationAnalysis>();
  return (document: DocumentNode, operationName: string | undefined): OperationAnalysis | undefined => {
    const operation = getOperationAST(document, operationName);
    if (!operation) return undefined;
    const analysed = known.get(operation);
    if (analysed) return analysed;
    const selections = countSelections(document, operation);
    if (selections > maxSelections)
      throw new RequestError(
        'LIMIT_EXCEEDED',
        `The operation selects ${selections} fields, fragments written out; ${maxSelections} are allowed.`,
      );
    const analysis = analyseOperation(schema, document, operation);
    known.set(operation, analysis);
    return analysis;
  };
}
