/** Decides about an operation by the letter of docs/access.md: everything written out, each place judged by itself. */
import {
  type ConstDirectiveNode,
  type DirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type FieldNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  type SelectionSetNode,
  type TypeNode,
  type ValueNode,
} from 'graphql';
import type { AccessWorld, Person, RuleData } from './random-access.ts';

export type Verdict = 'allow' | 'deny' | 'error';

export interface NaiveAccess {
  judge(source: string, variables: Variables, person: Person): Verdict;
  /** What of a query is left without what is denied; paths name types and keys. */
  filter(
    source: string,
    variables: Variables,
    person: Person,
  ): { kept: string[]; denied: string[]; removed: number };
  /** All paths of an operation. */
  list(source: string): string[];
}

export type Variables = Readonly<Record<string, unknown>>;
type Fielded = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/** One field at one place. */
interface Place {
  readonly node: FieldNode;
  readonly declared: string;
  readonly objects: readonly string[];
  readonly path: string;
  readonly keys: string;
  readonly conditions: readonly DirectiveNode[];
}

export function createNaiveAccess(world: AccessWorld): NaiveAccess {
  const supergraph = parse(world.supergraphSdl);
  const types = new Map<string, Fielded>();
  const unions = new Map<string, string[]>();
  for (const definition of supergraph.definitions) {
    if (definition.kind === Kind.UNION_TYPE_DEFINITION)
      unions.set(
        definition.name.value,
        (definition.types ?? []).map(({ name }) => name.value),
      );
    if (definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION)
      types.set(definition.name.value, definition);
  }
  const interfacesOf = (type: string): string[] =>
    (types.get(type)?.interfaces ?? []).map(({ name }) => name.value);
  const fieldOf = (type: string, field: string): FieldDefinitionNode | undefined =>
    types.get(type)?.fields?.find(({ name }) => name.value === field);
  const objectsOf = (type: string): string[] => {
    if (unions.has(type)) return unions.get(type) ?? [];
    if (types.get(type)?.kind === Kind.OBJECT_TYPE_DEFINITION) return [type];
    return [...types.values()]
      .filter(
        ({ kind, name }) => kind === Kind.OBJECT_TYPE_DEFINITION && interfacesOf(name.value).includes(type),
      )
      .map(({ name }) => name.value);
  };

  function* places(
    document: DocumentNode,
    selectionSet: SelectionSetNode,
    at: Omit<Place, 'node'>,
  ): Generator<Place> {
    for (const selection of selectionSet.selections) {
      const own = (selection.directives ?? []).filter(({ name }) => ['skip', 'include'].includes(name.value));
      const conditions = [...at.conditions, ...own];
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const path = `${at.path}/${at.objects.join('|')}:${key}`;
        yield { ...at, node: selection, conditions, path, keys: at.keys ? `${at.keys}.${key}` : key };
        continue;
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT
          ? selection
          : document.definitions.find(
              (one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === selection.name.value,
            );
      if (!fragment || !('selectionSet' in fragment)) throw new Error('No such fragment.');
      const condition = ('typeCondition' in fragment && fragment.typeCondition?.name.value) || at.declared;
      const objects = at.objects.filter((object) => objectsOf(condition).includes(object));
      if (objects.length === 0) continue;
      yield* places(document, fragment.selectionSet, { ...at, declared: condition, objects, conditions });
    }
  }

  const below = (document: DocumentNode, { node, declared, ...at }: Place): Place[] => {
    const field = fieldOf(declared, node.name.value);
    if (!field || !node.selectionSet) return [];
    const returned = nameOf(field.type);
    return [
      ...places(document, node.selectionSet, { ...at, declared: returned, objects: objectsOf(returned) }),
    ];
  };

  const roots = (document: DocumentNode): Place[] => {
    const [operation] = document.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
    if (!operation) return [];
    const root = operation.operation === 'mutation' ? 'Mutation' : 'Query';
    const at = { declared: root, objects: [root], path: '', keys: '', conditions: [] };
    return [...places(document, operation.selectionSet, at)];
  };

  const isUnmentioned = (type: string): boolean =>
    types.has(type) &&
    !Object.hasOwn(world.tree, type) &&
    !Object.values(world.permissions)
      .flat()
      .some((coordinate) => coordinate.split('.')[0] === type);

  const judgeAt = (type: string, fieldName: string, args: Variables, person: Person): Verdict[] => {
    const field = fieldOf(type, fieldName);
    if (!field) return [];
    const decide = (rule: RuleData, withArgs: Variables): Verdict =>
      decideRule(rule, withArgs, person, world);
    const verdicts: Verdict[] = [];
    const entry = world.tree[type];
    const isNeeded = (coordinate: string): boolean =>
      Object.values(world.permissions).some((list) => list.includes(coordinate));
    if (entry && typeof entry.kind === 'string') verdicts.push(decide(entry as RuleData, args));
    else {
      const rules = (entry ?? {}) as Record<string, RuleData>;
      const any = [type, `${type}.*`, `${type}.${fieldName}`].some(isNeeded);
      const named = rules[fieldName];
      const star = rules['*'];
      if (named) verdicts.push(decide(named, args));
      else if (star && type !== 'Mutation') verdicts.push(decide(star, args));
      else if (!any) verdicts.push('deny');
      else if (star) verdicts.push(decide(star, args));
    }
    for (const coordinate of [type, `${type}.*`, `${type}.${fieldName}`]) {
      if (isNeeded(coordinate)) verdicts.push(holdsOneFor(coordinate, person, world) ? 'allow' : 'deny');
    }
    verdicts.push(...demandsOf(types.get(type)?.directives, person, world));
    verdicts.push(...demandsOf(field.directives, person, world));
    const returned = nameOf(field.type);
    const returnedEntry = world.tree[returned];
    if (returnedEntry && typeof returnedEntry.kind === 'string')
      verdicts.push(decide(returnedEntry as RuleData, {}));
    if (isUnmentioned(returned)) verdicts.push('deny');
    if (isNeeded(returned)) verdicts.push(holdsOneFor(returned, person, world) ? 'allow' : 'deny');
    verdicts.push(...demandsOf(types.get(returned)?.directives, person, world));
    return verdicts;
  };

  /** The fields that a field reads, as the supergraph says, and what those read. */
  const judgeRead = (
    owners: readonly string[],
    fieldName: string,
    person: Person,
    seen: Set<string>,
  ): Verdict[] =>
    owners.flatMap((owner) =>
      (fieldOf(owner, fieldName)?.directives ?? [])
        .filter(({ name }) => name.value === 'join__field')
        .flatMap((join) => {
          const text = join.arguments?.find(({ name }) => name.value === 'requires')?.value;
          if (text?.kind !== Kind.STRING) return [];
          const [, read = '', given] = /^(\w+)(?:\(x: (\d+)\))?$/.exec(text.value) ?? [];
          if (seen.has(`${owner} ${text.value}`)) return [];
          seen.add(`${owner} ${text.value}`);
          const readers = [...new Set([owner, ...objectsOf(owner)])];
          const judges = [...new Set([...readers, ...readers.flatMap(interfacesOf)])];
          return [
            ...judges.flatMap((judge) => {
              const args = given === undefined ? defaultsOf(fieldOf(judge, read)) : { x: Number(given) };
              return judgeAt(judge, read, args, person);
            }),
            ...judgeRead([...new Set([...readers, ...interfacesOf(owner)])], read, person, seen),
          ];
        }),
    );

  const judgePlace = (
    { node, declared, objects }: Place,
    variables: Variables,
    document: DocumentNode,
    person: Person,
  ): Verdict => {
    if (node.name.value === '__typename') return 'allow';
    const named = [...new Set([declared, ...objects])];
    const judges = [...new Set([...named, ...named.flatMap(interfacesOf)])];
    const verdicts = judges.flatMap((judge) => {
      // Whoever is judged gives the defaults of the arguments.
      const args = argsOf(node, fieldOf(judge, node.name.value), variables, document);
      const rulers = [judge, ...interfacesOf(judge)].filter((type) => fieldOf(type, node.name.value));
      return [
        ...rulers.flatMap((type) => judgeAt(type, node.name.value, args, person)),
        ...judgeRead(rulers, node.name.value, person, new Set()),
      ];
    });
    return worst(verdicts);
  };

  return {
    judge(source, variables, person) {
      const document = parse(source);
      const visit = (place: Place): Verdict[] => [
        judgePlace(place, variables, document, person),
        ...below(document, place).flatMap(visit),
      ];
      return worst(roots(document).flatMap(visit));
    },
    list(source) {
      const document = parse(source);
      const visit = (place: Place): string[] => [place.path, ...below(document, place).flatMap(visit)];
      return roots(document).flatMap(visit);
    },
    filter(source, variables, person) {
      const document = parse(source);
      const denied: string[] = [];
      let removed = 0;
      const visit = (place: Place): { kept: string[]; isVoid: boolean } => {
        const { node, declared, objects, path } = place;
        const isNonNull = [declared, ...objects].some(
          (type) => fieldOf(type, node.name.value)?.type.kind === Kind.NON_NULL_TYPE,
        );
        if (judgePlace(place, variables, document, person) === 'deny') {
          removed += 1;
          if (place.conditions.every((one) => holds(one, variables, document))) denied.push(place.keys);
          return { kept: [], isVoid: isNonNull };
        }
        if (!node.selectionSet) return { kept: [path], isVoid: false };
        const before = removed;
        const parts = below(document, place).map(visit);
        const kept = parts.flatMap((part) => part.kept);
        if (parts.some(({ isVoid }) => isVoid)) return { kept: [], isVoid: isNonNull };
        if (kept.length === 0 && removed > before && !isNonNull) return { kept: [], isVoid: false };
        return { kept: [path, ...kept], isVoid: false };
      };
      const parts = roots(document).map(visit);
      const kept = parts.some(({ isVoid }) => isVoid) ? [] : parts.flatMap((part) => part.kept);
      return { kept, denied, removed };
    },
  };
}

function decideRule(rule: RuleData, args: Variables, person: Person, world: AccessWorld): Verdict {
  const decide = (part: RuleData): Verdict => decideRule(part, args, person, world);
  const answer = (isAllowed: boolean): Verdict => (isAllowed ? 'allow' : 'deny');
  switch (rule.kind) {
    case 'allow':
    case 'deny':
      return rule.kind;
    case 'fails':
      return 'error';
    case 'isUser':
      return answer(!person.isGuest);
    case 'level':
      return answer(levelOf(person, world) >= (world.roles[rule.role]?.level ?? 99));
    case 'permission':
      return answer(permissionsOf(person, world).includes(rule.permission));
    case 'below':
      return answer(typeof args.x === 'number' && args.x < rule.limit);
    case 'not': {
      const part = decide(rule.part);
      return part === 'error' ? 'error' : answer(part === 'deny');
    }
    case 'and':
      return worst(rule.parts.map(decide));
    case 'or': {
      const parts = rule.parts.map(decide);
      if (parts.includes('allow')) return 'allow';
      return parts.includes('error') ? 'error' : 'deny';
    }
    case 'chain':
      return rule.parts.map(decide).find((part) => part !== 'allow') ?? 'allow';
    case 'race': {
      const parts = rule.parts.map(decide);
      if (parts.includes('allow')) return 'allow';
      return parts.includes('error') ? 'error' : 'deny';
    }
  }
}

function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('deny')) return 'deny';
  return verdicts.includes('error') ? 'error' : 'allow';
}

function levelOf({ roles }: Person, world: AccessWorld): number {
  return Math.max(0, ...roles.map((role) => world.roles[role]?.level ?? 0));
}

function permissionsOf(person: Person, world: AccessWorld): string[] {
  const level = levelOf(person, world);
  return Object.values(world.roles).flatMap((role) => (role.level <= level ? role.permissions : []));
}

function holdsOneFor(coordinate: string, person: Person, world: AccessWorld): boolean {
  const held = permissionsOf(person, world);
  return Object.entries(world.permissions).some(
    ([name, list]) => list.includes(coordinate) && held.includes(name),
  );
}

function demandsOf(
  directives: readonly ConstDirectiveNode[] = [],
  person: Person,
  world: AccessWorld,
): Verdict[] {
  return directives.flatMap(({ name, arguments: given = [] }): Verdict[] => {
    if (name.value === 'authenticated') return [person.isGuest ? 'deny' : 'allow'];
    if (name.value !== 'needs') return [];
    const alternatives = toValue(given[0]?.value, {}) as string[][];
    const held = permissionsOf(person, world);
    return [alternatives.some((all) => all.every((one) => held.includes(one))) ? 'allow' : 'deny'];
  });
}

function holds(
  { name, arguments: given = [] }: DirectiveNode,
  variables: Variables,
  document: DocumentNode,
): boolean {
  const value = toValue(given[0]?.value, withDefaults(variables, document));
  return name.value === 'skip' ? value !== true : value !== false;
}

function argsOf(
  node: FieldNode,
  field: FieldDefinitionNode | undefined,
  variables: Variables,
  document: DocumentNode,
): Variables {
  const given = node.arguments?.find(({ name }) => name.value === 'x')?.value;
  const all = withDefaults(variables, document);
  const isAbsent = !given || (given.kind === Kind.VARIABLE && !Object.hasOwn(all, given.name.value));
  return isAbsent ? defaultsOf(field) : { x: toValue(given, all) };
}

function defaultsOf(field: FieldDefinitionNode | undefined): Variables {
  const value = field?.arguments?.[0]?.defaultValue;
  return value ? { x: toValue(value, {}) } : {};
}

function withDefaults(variables: Variables, { definitions }: DocumentNode): Variables {
  const declared = definitions.flatMap((one) =>
    one.kind === Kind.OPERATION_DEFINITION ? (one.variableDefinitions ?? []) : [],
  );
  const defaults = declared.flatMap(({ variable, defaultValue }) =>
    defaultValue ? [[variable.name.value, toValue(defaultValue, {})] as const] : [],
  );
  return { ...Object.fromEntries(defaults), ...variables };
}

function toValue(node: ValueNode | undefined, variables: Variables): unknown {
  if (node?.kind === Kind.VARIABLE) return variables[node.name.value];
  if (node?.kind === Kind.INT) return Number(node.value);
  if (node?.kind === Kind.LIST) return node.values.map((value) => toValue(value, variables));
  return node && 'value' in node ? node.value : null;
}

function nameOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);
}
