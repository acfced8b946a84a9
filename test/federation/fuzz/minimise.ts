/** Takes away what an operation can do without while it still shows the same fault. */
import {
  type ASTNode,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  parse,
  print,
  type SelectionNode,
  validate,
  visit,
} from 'graphql';
import type { GeneratedOperation } from './generate-operation.ts';

/** Tries one removal after the other until none is left that keeps the fault. */
export async function minimise(
  operation: GeneratedOperation,
  schema: GraphQLSchema,
  isFaulty: (operation: GeneratedOperation) => Promise<boolean>,
): Promise<GeneratedOperation> {
  // As a printer writes it, so that lengths can be compared.
  let smallest = { ...operation, source: print(parse(operation.source)) };
  for (let position = 0; ; ) {
    const candidate = remove(parse(smallest.source), position);
    if (!candidate) return smallest;
    const tidy = tidied(candidate, smallest.variables);
    const isSmaller = tidy.source.length < smallest.source.length;
    if (isSmaller && validate(schema, parse(tidy.source)).length === 0 && (await isFaulty(tidy)))
      smallest = tidy;
    else position += 1;
  }
}

/** The document without its n-th removable part; `undefined` after the last. */
function remove(document: DocumentNode, position: number): DocumentNode | undefined {
  let index = 0;
  let removed = false;
  const isNext = (): boolean => {
    const isIt = index === position;
    index += 1;
    removed ||= isIt;
    return isIt;
  };
  const fragments = new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [],
    ),
  );
  const reduced = visit(document, {
    SelectionSet: (node) => {
      const kept = node.selections.filter(() => node.selections.length === 1 || !isNext());
      const flattened = kept.flatMap((selection): readonly SelectionNode[] =>
        selection.kind === Kind.INLINE_FRAGMENT && isNext() ? selection.selectionSet.selections : [selection],
      );
      return { ...node, selections: flattened };
    },
    FragmentSpread: ({ name, directives }) => {
      const fragment = fragments.get(name.value);
      if (!fragment || !isNext()) return undefined;
      const { typeCondition, selectionSet } = fragment;
      return { kind: Kind.INLINE_FRAGMENT, typeCondition, selectionSet, directives };
    },
    Directive: () => (isNext() ? null : undefined),
    Argument: (_node, _key, parent) => (isOfField(parent) && isNext() ? null : undefined),
    Field: (node) => (node.alias && isNext() ? { ...node, alias: undefined } : undefined),
  });
  return removed ? reduced : undefined;
}

/** Directives need their argument. */
function isOfField(parent: ASTNode | readonly ASTNode[] | undefined): boolean {
  return Array.isArray(parent) && parent.every(({ name }) => name.value !== 'if');
}

/** Without fragments and variables that nothing uses any more. */
function tidied(document: DocumentNode, variables: GeneratedOperation['variables']): GeneratedOperation {
  const used = { fragments: new Set<string>(), variables: new Set<string>() };
  visit(document, {
    FragmentSpread: ({ name }) => void used.fragments.add(name.value),
    VariableDefinition: () => false,
    Variable: ({ name }) => void used.variables.add(name.value),
  });
  const tidy = visit(document, {
    FragmentDefinition: ({ name }) => (used.fragments.has(name.value) ? undefined : null),
    VariableDefinition: ({ variable }) => (used.variables.has(variable.name.value) ? undefined : null),
  });
  const kept = Object.entries(variables).filter(([name]) => used.variables.has(name));
  const source = print(tidy);
  return source === print(document)
    ? { source, variables: Object.fromEntries(kept) }
    : tidied(tidy, Object.fromEntries(kept));
}
