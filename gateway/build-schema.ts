/** Builds a schema whose types make their fields when they are first asked for them: most operations reach few types. */
import {
  buildASTSchema,
  type DefinitionNode,
  type DocumentNode,
  GraphQLInputObjectType,
  GraphQLInterfaceType,
  GraphQLObjectType,
  type GraphQLSchema,
  isIntrospectionType,
  Kind,
  type TypeNode,
} from 'graphql';
import { namedTypeOf } from './supergraph/named-type-of.ts';
import { oncePerNode } from './supergraph/once-per-node.ts';

/** @param document a valid schema, whose every type is defined in it */
export function buildSchemaOnDemand(document: DocumentNode): GraphQLSchema {
  const scalars = [...new Set(document.definitions.flatMap(builtInScalarsWithin))];
  const definitions = [...document.definitions, ...scalars.map(toScalarDefinition)];
  return whileFieldsAreHidden(() => buildASTSchema({ ...document, definitions }, { assumeValid: true }));
}

/**
 * The constructor of a schema asks each type for its fields, only to find types that nothing else names; here everything
 * is named. A type keeps nothing of what it answers meanwhile. Nothing else runs meanwhile either.
 */
function whileFieldsAreHidden(build: () => GraphQLSchema): GraphQLSchema {
  const kinds = [GraphQLObjectType, GraphQLInterfaceType, GraphQLInputObjectType].map((kind) => ({
    prototype: kind.prototype as { getFields(this: object): object },
    getFields: kind.prototype.getFields as (this: object) => object,
  }));
  try {
    for (const { prototype, getFields } of kinds) {
      prototype.getFields = function () {
        return isIntrospectionType(this as GraphQLObjectType) ? getFields.call(this) : {};
      };
    }
    return build();
  } finally {
    for (const { prototype, getFields } of kinds) prototype.getFields = getFields;
  }
}

/** Those that a schema has only where it uses them. */
const builtInScalars: readonly string[] = ['ID', 'Int', 'Float'];

const builtInScalarsWithin = oncePerNode((definition: DefinitionNode): readonly string[] => {
  const names = new Set<string>();
  const note = ({ type, fields = [], arguments: given = [] }: Typed): void => {
    const name = type && namedTypeOf(type);
    if (name !== undefined && builtInScalars.includes(name)) names.add(name);
    for (const part of fields) note(part);
    for (const part of given) note(part);
  };
  note(definition as Typed);
  return [...names];
});

/** Whatever of a schema has a type, and what can within it. */
interface Typed {
  readonly type?: TypeNode;
  readonly fields?: readonly Typed[];
  readonly arguments?: readonly Typed[];
}

function toScalarDefinition(name: string): DefinitionNode {
  return { kind: Kind.SCALAR_TYPE_DEFINITION, name: { kind: Kind.NAME, value: name } };
}
