/** Measures how large a document is, its fragments written out, without writing them out and without the schema. */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** Counts of one operation; each at most `Number.MAX_SAFE_INTEGER`. What fragments repeat counts each time. */
export interface OperationSize {
  /** Levels of fields; fragments add none, and what is below `__schema` is left to graphql-js, which bounds it itself. */
  readonly depth: number;
  readonly selections: number;
  readonly aliases: number;
  readonly directives: number;
  readonly rootFields: number;
  readonly rootAliases: number;
}

interface SelectionsSize {
  readonly depth: number;
  readonly selections: number;
  readonly aliases: number;
  readonly directives: number;
  /** Fields of this level, and how many of them have an alias. */
  readonly fields: number;
  readonly aliasedFields: number;
}

const nothing: SelectionsSize = {
  depth: 0,
  selections: 0,
  aliases: 0,
  directives: 0,
  fields: 0,
  aliasedFields: 0,
};

/**
 * The size of every operation of the document. Every selection set is visited once, however fragments fan out.
 * Fragments that do not exist add nothing.
 */
export function measureOperations(
  document: DocumentNode,
): ReadonlyMap<OperationDefinitionNode, OperationSize> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const known = new Map<SelectionSetNode, SelectionsSize>();

  const measure = (selectionSet: SelectionSetNode | undefined): SelectionsSize => {
    if (!selectionSet) return nothing;
    const measured = known.get(selectionSet);
    if (measured) return measured;
    // A fragment that contains itself, which is invalid, adds nothing within itself.
    known.set(selectionSet, nothing);
    const size = selectionSet.selections.map(measureSelection).reduce(beside, nothing);
    known.set(selectionSet, size);
    return size;
  };

  const measureSelection = (selection: SelectionNode): SelectionsSize => {
    const own = selection.directives?.length ?? 0;
    if (selection.kind === Kind.FIELD) {
      const below = measure(selection.selectionSet);
      const aliased = selection.alias ? 1 : 0;
      return {
        depth: selection.name.value === '__schema' ? 1 : below.depth + 1,
        selections: add(below.selections, 1),
        aliases: add(below.aliases, aliased),
        directives: add(below.directives, own),
        fields: 1,
        aliasedFields: aliased,
      };
    }
    if (selection.kind === Kind.INLINE_FRAGMENT) return withDirectives(measure(selection.selectionSet), own);
    const fragment = fragments.get(selection.name.value);
    return withDirectives(measure(fragment?.selectionSet), own + (fragment?.directives?.length ?? 0));
  };

  const sizes = new Map<OperationDefinitionNode, OperationSize>();
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const variables = definition.variableDefinitions ?? [];
    const own = variables.reduce((sum, { directives }) => sum + (directives?.length ?? 0), 0);
    const { depth, selections, aliases, directives, fields, aliasedFields } = withDirectives(
      measure(definition.selectionSet),
      own + (definition.directives?.length ?? 0),
    );
    sizes.set(definition, {
      ...{ depth, selections, aliases, directives },
      ...{ rootFields: fields, rootAliases: aliasedFields },
    });
  }
  return sizes;
}

function beside(one: SelectionsSize, other: SelectionsSize): SelectionsSize {
  return {
    depth: Math.max(one.depth, other.depth),
    selections: add(one.selections, other.selections),
    aliases: add(one.aliases, other.aliases),
    directives: add(one.directives, other.directives),
    fields: add(one.fields, other.fields),
    aliasedFields: add(one.aliasedFields, other.aliasedFields),
  };
}

function withDirectives(size: SelectionsSize, directives: number): SelectionsSize {
  return directives === 0 ? size : { ...size, directives: add(size.directives, directives) };
}

function add(one: number, other: number): number {
  return Math.min(one + other, Number.MAX_SAFE_INTEGER);
}
