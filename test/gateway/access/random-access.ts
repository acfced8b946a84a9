/** Draws worlds to decide about: a schema, a policy over it as plain data, and people with roles. */
import type { Random } from '../../../bench/random.ts';

export type RuleData =
  | { readonly kind: 'allow' | 'deny' | 'fails' | 'isUser' }
  | { readonly kind: 'level'; readonly role: string }
  | { readonly kind: 'permission'; readonly permission: string }
  | { readonly kind: 'below'; readonly limit: number; readonly isSlow: boolean }
  | { readonly kind: 'and' | 'or' | 'chain' | 'race'; readonly parts: readonly RuleData[] }
  | { readonly kind: 'not'; readonly part: RuleData };

export type TreeData = Readonly<Record<string, RuleData | { readonly [field: string]: RuleData }>>;

export interface AccessWorld {
  readonly apiSdl: string;
  /** The same with what subgraphs demand and read. */
  readonly supergraphSdl: string;
  readonly tree: TreeData;
  readonly permissions: Readonly<Record<string, readonly string[]>>;
  readonly roles: Readonly<
    Record<string, { readonly level: number; readonly permissions: readonly string[] }>
  >;
}

export interface Person {
  readonly isGuest: boolean;
  readonly roles: readonly string[];
}

const roleNames = ['R1', 'R2', 'R3'] as const;
const permissionNames = ['p0', 'p1', 'p2', 'p3'] as const;
const scalarFields = ['s0', 's1', 's2', 's3', 's4', 's5'];
const linkFields = ['l0', 'l1', 'l2', 'l3', 'l4'];
const interfaceNames = ['I0', 'I1', 'I2'];
const objectNames = ['O0', 'O1', 'O2', 'O3', 'O4'];

interface TypeDraft {
  readonly keyword: 'interface' | 'type';
  readonly name: string;
  readonly interfaces: readonly string[];
  readonly fields: readonly string[];
}

export function drawWorld(random: Random): AccessWorld {
  const drafts = drawTypes(random);
  const typeOf = drawFieldTypes(random);
  const write = (isSupergraph: boolean, noise: Map<string, string>): string =>
    [
      ...(isSupergraph ? [links] : []),
      ...drafts.map((draft) => writeType(draft, typeOf, isSupergraph ? noise : new Map())),
      `union U0 = O0 | O1`,
    ].join('\n');
  const defaults = new Map<string, number>();
  const withDefaults = (sdl: string): string =>
    sdl.replaceAll(/DEFAULT:(\w+\.\w+)/g, (_all, coordinate: string) => {
      const value = defaults.get(coordinate) ?? random.below(5);
      defaults.set(coordinate, value);
      return String(value);
    });
  const noise = drawDirectives(drafts, random);
  return {
    apiSdl: withDefaults(write(false, noise)),
    supergraphSdl: withDefaults(write(true, noise)),
    tree: drawTree(drafts, random),
    permissions: drawPermissions(drafts, random),
    roles: Object.fromEntries(
      roleNames.map((name, index) => [
        name,
        { level: index + 1, permissions: permissionNames.filter(() => random.chance(0.3)) },
      ]),
    ),
  };
}

export function drawPerson(random: Random): Person {
  if (random.chance(0.15)) return { isGuest: true, roles: [] };
  return { isGuest: false, roles: roleNames.filter(() => random.chance(0.6)) };
}

const links = `schema
  @link(url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY)
  @link(url: "https://specs.apollo.dev/requiresScopes/v0.1", import: [{ name: "@requiresScopes", as: "@needs" }], for: SECURITY)
  { query: Query mutation: Mutation }`;

function drawTypes(random: Random): TypeDraft[] {
  const some = (names: readonly string[], probability: number): string[] =>
    names.filter(() => random.chance(probability));
  const interfaces: TypeDraft[] = [];
  for (const name of interfaceNames) {
    const parents = name === 'I1' && random.chance(0.6) ? ['I0'] : [];
    const inherited = interfaces.filter((one) => parents.includes(one.name)).flatMap(({ fields }) => fields);
    const fields = new Set([...inherited, 's0', ...some(scalarFields, 0.3), ...some(linkFields, 0.2)]);
    interfaces.push({ keyword: 'interface', name, interfaces: parents, fields: [...fields] });
  }
  const objects = objectNames.map((name, index): TypeDraft => {
    const own = new Set(some(interfaceNames, 0.4));
    // Every interface has an implementation, or nothing could stand in its place.
    if (index < interfaceNames.length) own.add(interfaceNames[index] as string);
    if (own.has('I1')) for (const parent of interfaces[1]?.interfaces ?? []) own.add(parent);
    const inherited = interfaces.filter((one) => own.has(one.name)).flatMap(({ fields }) => fields);
    const fields = new Set([...inherited, 's1', ...some(scalarFields, 0.4), ...some(linkFields, 0.4)]);
    return { keyword: 'type', name, interfaces: [...own], fields: [...fields] };
  });
  return [
    { keyword: 'type', name: 'Query', interfaces: [], fields: ['s0', ...linkFields] },
    { keyword: 'type', name: 'Mutation', interfaces: [], fields: ['s0', 's1', 'l0', 'l1'] },
    ...interfaces,
    ...objects,
  ];
}

/** One type for each field name, so that implementations always fit their interfaces. */
function drawFieldTypes(random: Random): ReadonlyMap<string, string> {
  const targets = [...interfaceNames, ...objectNames, 'U0'];
  const wrap = (type: string): string =>
    random.pick([type, type, `${type}!`, `[${type}]`, `[${type}!]!`, `[${type}]!`]);
  return new Map([
    ...scalarFields.map((name) => [name, random.chance(0.3) ? 'Int!' : 'Int'] as const),
    ...linkFields.map((name) => [name, wrap(random.pick(targets))] as const),
  ]);
}

function writeType(
  { keyword, name, interfaces, fields }: TypeDraft,
  typeOf: ReadonlyMap<string, string>,
  directives: ReadonlyMap<string, string>,
): string {
  const lines = fields.map((field) => {
    const hasArgument = /[024]/.test(field);
    const args = hasArgument ? `(x: Int = DEFAULT:${name}.${field})` : '';
    return `  ${field}${args}: ${typeOf.get(field)} ${directives.get(`${name}.${field}`) ?? ''}`;
  });
  const implemented = interfaces.length > 0 ? ` implements ${interfaces.join(' & ')}` : '';
  return `${keyword} ${name}${implemented} ${directives.get(name) ?? ''} {\n${lines.join('\n')}\n}`;
}

function drawDirectives(drafts: readonly TypeDraft[], random: Random): Map<string, string> {
  const demand = (): string =>
    random.chance(0.5)
      ? '@authenticated'
      : `@needs(scopes: [["${random.pick(permissionNames)}"], ["${random.pick(permissionNames)}", "${random.pick(permissionNames)}"]])`;
  const directives = new Map<string, string>();
  for (const { name, fields } of drafts) {
    if (name.startsWith('O') && random.chance(0.02)) directives.set(name, demand());
    for (const field of fields) {
      const written = random.chance(0.015) ? [demand()] : [];
      const scalars = fields.filter((one) => one.startsWith('s') && one !== field);
      if (scalars.length > 0 && !['Query', 'Mutation'].includes(name) && random.chance(0.06)) {
        const read = random.pick(scalars);
        const given = /[024]/.test(read) && random.chance(0.5) ? `(x: ${random.below(5)})` : '';
        written.push(`@join__field(graph: A, requires: "${read}${given}")`);
      }
      directives.set(`${name}.${field}`, written.join(' '));
    }
  }
  return directives;
}

function drawTree(drafts: readonly TypeDraft[], random: Random): TreeData {
  const mentioned = drafts.filter(({ name }) => name === 'Query' || random.chance(0.98));
  const entries = mentioned.map(({ name, fields }) => {
    if (name !== 'Query' && random.chance(0.2)) return [name, drawRule(random, 2)] as const;
    const named = fields.filter(() => random.chance(name === 'Mutation' ? 0.8 : 0.1));
    const rules = named.map((field) => [field, drawRule(random, 2)] as const);
    const fallback = random.chance(0.96) ? [['*', mostlyAllow(random)] as const] : [];
    return [name, Object.fromEntries([...rules, ...fallback])] as const;
  });
  return Object.fromEntries(entries);
}

function drawPermissions(drafts: readonly TypeDraft[], random: Random): AccessWorld['permissions'] {
  const coordinates = drafts.flatMap(({ name, fields }) => [
    ...(name.startsWith('O') ? [name] : []),
    `${name}.*`,
    ...fields.map((field) => `${name}.${field}`),
  ]);
  return Object.fromEntries(
    permissionNames.map((name) => [name, coordinates.filter(() => random.chance(0.006))]),
  );
}

function mostlyAllow(random: Random): RuleData {
  return random.chance(0.96) ? { kind: 'allow' } : drawRule(random, 1);
}

function drawRule(random: Random, depth: number): RuleData {
  if (random.chance(0.6)) return { kind: 'allow' };
  if (depth > 0 && random.chance(0.4)) {
    const kind = random.pick(['and', 'or', 'chain', 'race', 'not'] as const);
    if (kind === 'not') return { kind, part: drawRule(random, depth - 1) };
    return { kind, parts: Array.from({ length: 1 + random.below(3) }, () => drawRule(random, depth - 1)) };
  }
  return random.pick<() => RuleData>([
    () => ({ kind: 'deny' }),
    () => ({ kind: 'fails' }),
    () => ({ kind: 'fails' }),
    () => ({ kind: 'not', part: { kind: 'fails' } }),
    () => ({ kind: 'isUser' }),
    () => ({ kind: 'level', role: random.pick(roleNames) }),
    () => ({ kind: 'level', role: 'R1' }),
    () => ({ kind: 'level', role: 'R1' }),
    () => ({ kind: 'permission', permission: random.pick(permissionNames) }),
    () => ({ kind: 'below', limit: 3 + random.below(3), isSlow: random.chance(0.2) }),
    () => ({ kind: 'below', limit: 5, isSlow: false }),
  ])();
}
