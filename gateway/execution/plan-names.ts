/**
 * The document as the planner is to see it, and the names under which its data is kept.
 *
 * A client may call any field by the name of a key or of a required field; the planner would take the two for one, so
 * such aliases are planned under another name. Of an object whose fields are all under conditions, or in fragments that
 * may hold for no object, the planner would not even ask whether it is there, so it is given a field without one.
 */
import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldNode,
  type FragmentSpreadNode,
  type InlineFragmentNode,
  Kind,
  print,
  type SelectionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
  visit,
} from 'graphql';
import { oncePerNode } from '../supergraph/once-per-node.ts';
import { type Fragments, fragmentsOf } from './collect-fields.ts';

export interface PlanNames {
  /** Where the data holds the field. */
  dataKey(field: FieldNode): string;
  /** The text that is to be planned in place of the document's own. */
  toPlannedSource(document: DocumentNode, source: string): string;
}

const prefix = '_a_';
/** Of names of this file's own making, and of the fields that planning makes up. */
const ownName = /^_(?:a|r\d+)_/;

export function createPlanNames(supergraph: DocumentNode): PlanNames {
  const reserved = readFieldSetNames(supergraph);
  const isInTheWay = ({ alias, name }: FieldNode): boolean =>
    alias !== undefined &&
    alias.value !== name.value &&
    (reserved.has(alias.value) || ownName.test(alias.value));
  const dataKey = (field: FieldNode): string => {
    const responseName = field.alias?.value ?? field.name.value;
    return isInTheWay(field) ? `${prefix}${responseName}` : responseName;
  };
  return {
    dataKey,
    toPlannedSource(document, source) {
      const asksAlways = createAsksAlways(fragmentsOf(document));
      const planned = visit(document, {
        // Where a variable decides about a whole operation, the planner loses the literals below.
        [Kind.INLINE_FRAGMENT]: withoutLiterals<InlineFragmentNode>,
        [Kind.FRAGMENT_SPREAD]: withoutLiterals<FragmentSpreadNode>,
        [Kind.SELECTION_SET]: {
          leave: (set: SelectionSetNode) =>
            set.selections.length === 0 ? { ...set, selections: [typename] } : undefined,
        },
        [Kind.FIELD]: {
          enter: withoutLiterals<FieldNode>,
          leave(field: FieldNode) {
            const { selectionSet } = field;
            if (isIntrospection(field)) return { ...typename, alias: nameNode(dataKey(field)) };
            const renamed = isInTheWay(field) ? { ...field, alias: nameNode(dataKey(field)) } : field;
            if (!selectionSet || asksAlways(selectionSet)) return renamed === field ? undefined : renamed;
            const selections = [...selectionSet.selections, typename];
            return { ...renamed, selectionSet: { ...selectionSet, selections } };
          },
        },
      });
      // The same object when nothing was in the way.
      return planned === document ? source : print(planned);
    },
  };
}

/** Null for a selection that a literal leaves out, `undefined` for one without literals. */
function withoutLiterals<T extends SelectionNode>(selection: T): T | null | undefined {
  const literals = new Map(
    selection.directives?.flatMap((directive) => {
      const value = directive.arguments?.find(({ name }) => name.value === 'if')?.value;
      return value?.kind === Kind.BOOLEAN ? [[directive, value.value] as const] : [];
    }),
  );
  if (literals.size === 0) return undefined;
  for (const [{ name }, value] of literals) {
    if ((name.value === 'skip') === value) return null;
  }
  return { ...selection, directives: selection.directives?.filter((each) => !literals.has(each)) };
}

const nameNode = (value: string) => ({ kind: Kind.NAME as const, value });
const typename: FieldNode = { kind: Kind.FIELD, name: nameNode('__typename') };

/**
 * Whether something is asked of every object that the selections are about. Each set is looked at once, however often
 * its fragment is spread.
 */
function createAsksAlways(fragments: Fragments): (set: SelectionSetNode) => boolean {
  const known = new Map<SelectionSetNode, boolean>();
  /** @param within the type that a fragment around the selections is about */
  const asksAlways = (set: SelectionSetNode, within: string | undefined): boolean => {
    const answer = known.get(set) ?? set.selections.some((selection) => isAlways(selection, within));
    known.set(set, answer);
    return answer;
  };
  const isAlways = (selection: SelectionNode, within: string | undefined): boolean => {
    if (selection.directives?.length) return false;
    if (selection.kind === Kind.FIELD) return true;
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    const condition = fragment?.typeCondition?.name.value ?? within;
    // What the first fragment is about may never be what the second is about.
    const mayNeverHold = within !== undefined && condition !== within;
    return fragment !== undefined && !mayNeverHold && asksAlways(fragment.selectionSet, condition);
  };
  return (set) => asksAlways(set, undefined);
}

/** `__schema` and `__type`, which no subgraph is asked; under a condition the planner would stumble over them. */
export function isIntrospection({ name }: FieldNode): boolean {
  return name.value === '__schema' || name.value === '__type';
}

/** The client's name for a step of a path in the data. */
export function toResponseName(step: string | number): string | number {
  return typeof step === 'string' && step.startsWith(prefix) ? step.slice(prefix.length) : step;
}

const fieldSetArguments = new Set(['key', 'requires', 'contextArguments']);

/** All names in the field sets of keys, requirements and contexts, and that of the field which nobody need define. */
function readFieldSetNames(supergraph: DocumentNode): ReadonlySet<string> {
  return new Set(['__typename', ...supergraph.definitions.flatMap(namesWithin)]);
}

const namesWithin = oncePerNode((definition: DefinitionNode): readonly string[] => {
  if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION)
    return [];
  const names = new Set<string>();
  const read = (directives: readonly ConstDirectiveNode[] = []): void => {
    for (const { name, arguments: args = [] } of directives) {
      if (name.value !== 'join__type' && name.value !== 'join__field') continue;
      for (const { name: argument, value } of args) {
        if (!fieldSetArguments.has(argument.value)) continue;
        const text = JSON.stringify(valueFromASTUntyped(value));
        for (const [word] of text.matchAll(/[A-Za-z_]\w*/g)) names.add(word);
      }
    }
  };
  read(definition.directives);
  for (const field of definition.fields ?? []) read(field.directives);
  return [...names];
});
