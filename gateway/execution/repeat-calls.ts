/** Writes one operation that asks entities for several contexts at once: the calls of a fetch, repeated under names of their own. */
import { randomBytes } from 'node:crypto';
import { Kind, type OperationDefinitionNode, print, stripIgnoredCharacters, visit } from 'graphql';

/** Ends the names of the calls of a context and of its variables; those of the first stay as they are. */
export function suffixOf(index: number): string {
  return index === 0 ? '' : `_c${index}`;
}

export type RepeatCalls = (contexts: number) => string;

/** @param ownVariables the variables of which each context has its own */
export function compileRepeatedCalls(
  operation: OperationDefinitionNode,
  ownVariables: ReadonlySet<string>,
): RepeatCalls {
  // Text of the client may stand in the operation: nobody can know what is replaced in it.
  const mark = `_${randomBytes(12).toString('hex')}`;
  const marked = visit(operation, {
    [Kind.VARIABLE]: (variable) =>
      ownVariables.has(variable.name.value)
        ? { ...variable, name: withMark(variable.name, mark) }
        : undefined,
  });
  const selections = marked.selectionSet.selections.map((call) =>
    call.kind === Kind.FIELD ? { ...call, alias: withMark(call.alias ?? call.name, mark) } : call,
  );
  const calls = toText({ kind: Kind.SELECTION_SET, selections }).slice(1, -1);
  const definitions = (marked.variableDefinitions ?? []).map((definition) => toText(definition));
  const own = definitions.filter((definition) => definition.includes(mark)).join();
  const shared = definitions.filter((definition) => !definition.includes(mark)).join();
  const name = operation.name ? ` ${operation.name.value}` : '';
  return (contexts) => {
    const suffixes = Array.from({ length: contexts }, (_, index) => suffixOf(index));
    const repeat = (text: string): string =>
      suffixes.map((suffix) => text.replaceAll(mark, suffix)).join(' ');
    return `query${name}(${shared} ${repeat(own)}){${repeat(calls)}}`;
  };
}

function withMark(name: { readonly value: string }, mark: string) {
  return { kind: Kind.NAME as const, value: `${name.value}${mark}` };
}

function toText(node: Parameters<typeof print>[0]): string {
  return stripIgnoredCharacters(print(node));
}
