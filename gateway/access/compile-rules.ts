/** Joins policy, permissions and the subgraphs' own demands into one answer: which rules guard this field? */
import {
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  print,
} from 'graphql';
import type { DependenciesOf, Dependency } from './dependencies.ts';
import { groupPermissions, isMentioned } from './permission-rules.ts';
import type { Policy, RuleTree } from './policy.ts';
import type { Demands } from './security-directives.ts';
import { allow, deny, isShieldRule, type ShieldRule } from './shield.ts';

/** One rule at one coordinate. */
export interface Guard {
  readonly rule: ShieldRule;
  /** Where the rule stands: `Type.field`, or `Type`. */
  readonly coordinate: string;
  /** What put it there: `policy`, `default`, `permission` or `subgraph`. */
  readonly source: 'policy' | 'default' | 'permission' | 'subgraph';
  /** What it is asked with; absent where that is what the field is asked with. */
  readonly args?: Readonly<Record<string, unknown>>;
}

export interface AccessRules {
  /** All must allow; the same list each time. Those of interfaces that declare the field and of what it reads are among them. */
  guardsOf(typeName: string, fieldName: string): readonly Guard[];
}

export interface RuleSources {
  readonly schema: GraphQLSchema;
  readonly policy: Pick<Policy, 'rules' | 'permissions'>;
  readonly demands: Demands;
  readonly dependenciesOf: DependenciesOf;
}

type FieldOwner = GraphQLObjectType | GraphQLInterfaceType;
type Field = GraphQLField<unknown, unknown>;

const noArguments = {};

/** Each coordinate is worked out when it is first asked for, and kept: a large schema is never gone through at once. */
export function compileRules({ schema, policy, demands, dependenciesOf }: RuleSources): AccessRules {
  const tree = policy.rules ?? openPolicy(schema);
  const permissions = groupPermissions(policy.permissions);
  const mutation = schema.getMutationType();
  const demandsOn = (coordinate: string): Omit<Guard, 'coordinate'>[] => [
    ...(permissions.get(coordinate) ?? []).map((rule) => ({ rule, source: 'permission' as const })),
    ...(demands.get(coordinate) ?? []).map((rule) => ({ rule, source: 'subgraph' as const })),
  ];
  const keep = memoize<readonly Guard[]>();

  const fromPolicy = ({ name }: FieldOwner, fieldName: string): Omit<Guard, 'coordinate'>[] => {
    const entry = entryOf(tree, name);
    const fallback = isShieldRule(entry) ? undefined : entry?.['*'];
    const named = isShieldRule(entry) ? entry : ownValue(entry, fieldName);
    const opens = named ?? (name === mutation?.name ? undefined : fallback);
    if (opens) return [{ rule: opens, source: 'policy' }];
    const isPermitted = [name, `${name}.*`, `${name}.${fieldName}`].some((one) => permissions.has(one));
    if (!isPermitted) return [{ rule: deny, source: 'default' }];
    return fallback ? [{ rule: fallback, source: 'policy' }] : [];
  };

  /** What stands at the coordinate itself, and at the type that the field returns. */
  const ownGuards = (owner: FieldOwner, field: Field): readonly Guard[] =>
    keep(`own ${owner.name}.${field.name}`, () => {
      const coordinate = `${owner.name}.${field.name}`;
      const atField = [
        ...fromPolicy(owner, field.name),
        ...demandsOn(owner.name),
        ...demandsOn(`${owner.name}.*`),
        ...demandsOn(coordinate),
      ].map((guard): Guard => ({ ...guard, coordinate }));
      return [...atField, ...typeGuards(getNamedType(field.type).name)];
    });

  /** Guards a field that returns the type, whatever is selected below. */
  const typeGuards = (typeName: string): readonly Guard[] =>
    keep(typeName, () => {
      const entry = entryOf(tree, typeName);
      const type = schema.getType(typeName);
      const isUnmentioned =
        (isObjectType(type) || isInterfaceType(type)) && !entry && !isMentioned(policy.permissions, typeName);
      return [
        ...(isShieldRule(entry) ? [{ rule: entry, source: 'policy' as const }] : []),
        ...(isUnmentioned ? [{ rule: deny, source: 'default' as const }] : []),
        ...demandsOn(typeName),
      ].map((guard): Guard => ({ ...guard, coordinate: typeName, args: noArguments }));
    });

  const declarationsOf = (owner: FieldOwner, fieldName: string): [FieldOwner, Field][] =>
    [owner, ...owner.getInterfaces()].flatMap((one): [FieldOwner, Field][] => {
      const field = ownValue(one.getFields(), fieldName);
      return field ? [[one, field]] : [];
    });

  /** A field read in place of the asking client, by name: also of a type's implementations, and hidden ones. */
  const dependencyGuards = ({ typeName, node }: Dependency): readonly Guard[] => {
    const type = schema.getType(typeName);
    const fieldName = node.name.value;
    if (!isCompositeType(type)) return hiddenGuards(typeName, fieldName);
    const owners = isAbstractType(type) ? [type, ...schema.getPossibleTypes(type)] : [type];
    return owners.flatMap((owner) => {
      if (!('getFields' in owner)) return [];
      const declarations = declarationsOf(owner, fieldName);
      if (!ownValue(owner.getFields(), fieldName)) return hiddenGuards(owner.name, fieldName);
      return declarations.flatMap(([declaring, field]) =>
        ownGuards(declaring, field).map((guard) => ({ args: getArgumentValues(field, node, {}), ...guard })),
      );
    });
  };

  /** No policy can name what clients do not see; the subgraph that hid it may have protected it too. */
  const hiddenGuards = (typeName: string, fieldName: string): Guard[] =>
    [typeName, `${typeName}.${fieldName}`].flatMap((coordinate) =>
      (demands.get(coordinate) ?? []).map(
        (rule): Guard => ({ rule, coordinate, source: 'subgraph', args: noArguments }),
      ),
    );

  /** All that the field reads, and what that reads in turn. */
  const readBy = (owner: FieldOwner, fieldName: string): Dependency[] => {
    const found = new Map<string, Dependency>();
    const follow = (names: readonly string[], name: string): void => {
      for (const dependency of names.flatMap((typeName) => dependenciesOf(typeName, name))) {
        const { typeName, node } = dependency;
        const key = `${typeName}.${print(node)}`;
        if (found.has(key)) continue;
        found.set(key, dependency);
        follow([typeName, ...relativesOf(schema, typeName)], node.name.value);
      }
    };
    follow([owner.name, ...owner.getInterfaces().map(({ name }) => name)], fieldName);
    return [...found.values()];
  };

  return {
    guardsOf: (typeName, fieldName) =>
      keep(`${typeName}.${fieldName}`, () => {
        const type = schema.getType(typeName);
        if (!isObjectType(type) && !isInterfaceType(type)) return [];
        const guards = [
          ...declarationsOf(type, fieldName).flatMap(([owner, field]) => ownGuards(owner, field)),
          ...readBy(type, fieldName).flatMap(dependencyGuards),
        ];
        return [...new Set(guards)];
      }),
  };
}

/** Whoever reads a field of an abstract type reads that of each implementation; one of an object may stand at its interface. */
function relativesOf(schema: GraphQLSchema, typeName: string): string[] {
  const type = schema.getType(typeName);
  return [
    ...(isAbstractType(type) ? schema.getPossibleTypes(type) : []),
    ...(isObjectType(type) || isInterfaceType(type) ? type.getInterfaces() : []),
  ].map(({ name }) => name);
}

function memoize<T>(): (key: string, make: () => T) => T {
  const known = new Map<string, T>();
  return (key, make) => {
    const value = known.get(key) ?? make();
    known.set(key, value);
    return value;
  };
}

function entryOf(tree: RuleTree, typeName: string): RuleTree[string] | undefined {
  return ownValue(tree, typeName);
}

function ownValue<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record && Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Without any refusal of its own: for a gateway in development that has no policy. */
function openPolicy(schema: GraphQLSchema): RuleTree {
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => isCompositeType(type) && !type.name.startsWith('__'),
  );
  return Object.fromEntries(types.map(({ name }) => [name, allow]));
}
