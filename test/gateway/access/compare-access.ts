/** Has random operations decided twice, by the gateway and by the letter, and finds the first that differ. */
import { buildSchema, getOperationAST, getVariableValues, parse, print } from 'graphql';
import { createRandom } from '../../../bench/random.ts';
import { type Authorize, createAuthorize } from '../../../gateway/access/authorize.ts';
import { compileAccessRules } from '../../../gateway/access/create-access.ts';
import type { Policy } from '../../../gateway/access/policy.ts';
import { atLeast, hasPermission } from '../../../gateway/access/ready-rules.ts';
import {
  allow,
  and,
  chain,
  deny,
  not,
  or,
  race,
  rule,
  type ShieldRule,
} from '../../../gateway/access/shield.ts';
import { createPricing } from '../../../gateway/demand/pricing.ts';
import { RequestError } from '../../../gateway/errors.ts';
import { analyseOperation } from '../../../gateway/operation/analyse.ts';
import { grantsOf, guest, type Principal } from '../../../gateway/principal.ts';
import { generateOperation } from '../../federation/fuzz/generate-operation.ts';
import { createNaiveAccess, type Verdict } from './naive-access.ts';
import { type AccessWorld, drawPerson, drawWorld, type Person, type RuleData } from './random-access.ts';

export interface AccessComparison {
  readonly compared: number;
  readonly allow: number;
  readonly deny: number;
  readonly error: number;
  /** Queries that were answered in part. */
  readonly filtered: number;
  readonly difference?: AccessDifference;
}

export interface AccessDifference {
  readonly seed: number;
  readonly position: number;
  readonly reason: string;
  readonly source: string;
  readonly variables: unknown;
  readonly person: Person;
  readonly world: AccessWorld;
  readonly got: unknown;
  readonly expected: unknown;
}

const operationsPerWorld = 25;

export async function compareAccess(seed: number, count: number): Promise<AccessComparison> {
  const random = createRandom(seed);
  const totals = { compared: 0, allow: 0, deny: 0, error: 0, filtered: 0 };
  let world = prepare(drawWorld(random));
  for (; totals.compared < count; totals.compared++) {
    if (totals.compared % operationsPerWorld === 0) world = prepare(drawWorld(random));
    const { source, variables } = generateOperation(world.schema, random);
    const person = drawPerson(random);
    const tell = (reason: string, got: unknown, expected: unknown): AccessComparison => ({
      ...totals,
      difference: {
        ...{ seed, position: totals.compared, reason, source, variables, person, got, expected },
        world: world.data,
      },
    });

    const expected = world.naive.judge(source, variables, person);
    const decided = await ask(world, world.refuse, source, variables, person);
    if (decided.verdict !== expected) return tell('verdict', decided.verdict, expected);
    totals[expected] += 1;
    if (!source.startsWith('query')) continue;

    const without = world.naive.filter(source, variables, person);
    const answered = await ask(world, world.filter, source, variables, person);
    if (expected === 'error' || answered.verdict === 'error' || without.removed > 100) continue;
    if (answered.verdict !== 'allow') return tell('filtered verdict', answered.verdict, 'allow');
    const kept = answered.source === undefined ? [] : world.naive.list(answered.source);
    const isSame = (one: readonly string[], other: readonly string[]): boolean =>
      JSON.stringify([...new Set(one)].sort()) === JSON.stringify([...new Set(other)].sort());
    const shown = kept.filter((path) => !path.endsWith(':typeOfFiltered'));
    if (without.removed > 0 && !isSame(shown, without.kept)) return tell('kept', shown, without.kept);
    if (!isSame(answered.denied, without.denied)) return tell('denied', answered.denied, without.denied);
    if (answered.source !== undefined && without.removed > 0) {
      totals.filtered += 1;
      const again = world.naive.judge(answered.source, variables, person);
      if (again !== 'allow') return tell('verdict on the filtered', again, 'allow');
    }
  }
  return totals;
}

type World = ReturnType<typeof prepare>;

function prepare(data: AccessWorld) {
  const schema = buildSchema(data.apiSdl);
  const policy: Policy = {
    rules: Object.fromEntries(
      Object.entries(data.tree).map(([typeName, entry]) => [
        typeName,
        isRule(entry)
          ? toShield(entry)
          : Object.fromEntries(Object.entries(entry).map(([field, one]) => [field, toShield(one)])),
      ]),
    ),
    ...{ roles: data.roles, permissions: data.permissions, policies: {} },
  };
  const rules = compileAccessRules({ supergraph: parse(data.supergraphSdl), schema, policy });
  const settings = {
    schema,
    rules,
    roles: data.roles,
    ruleTimeoutMs: 10_000,
    maxFiltered: 50,
    introspectionLevel: 0,
  };
  return {
    data,
    schema,
    naive: createNaiveAccess(data),
    refuse: createAuthorize({ ...settings, denied: 'refuse' }),
    filter: createAuthorize({ ...settings, denied: 'filter' }),
  };
}

function isRule(entry: AccessWorld['tree'][string]): entry is RuleData {
  return typeof entry.kind === 'string';
}

function toShield(data: RuleData): ShieldRule {
  switch (data.kind) {
    case 'allow':
      return allow;
    case 'deny':
      return deny;
    case 'fails':
      return rule('fails')(() => {
        throw new Error('away');
      });
    case 'isUser':
      return rule('is user', { cache: 'contextual' })((_p, _a, { principal }) => principal.kind === 'user');
    case 'level':
      return atLeast(data.role);
    case 'permission':
      return hasPermission(data.permission);
    case 'below': {
      const decide = ({ x }: Readonly<Record<string, unknown>>) => typeof x === 'number' && x < data.limit;
      return data.isSlow
        ? rule('below')(async (_p, args) => decide(args))
        : rule('below', { cache: 'strict' })((_p, args) => decide(args));
    }
    case 'not':
      return not(toShield(data.part));
    case 'and':
      return and(...data.parts.map(toShield));
    case 'or':
      return or(...data.parts.map(toShield));
    case 'chain':
      return chain(...data.parts.map(toShield));
    case 'race':
      return race(...data.parts.map(toShield));
  }
}

interface Decided {
  readonly verdict: Verdict;
  readonly source?: string;
  readonly denied: readonly string[];
}

async function ask(
  { schema, data }: World,
  authorize: Authorize,
  source: string,
  given: Readonly<Record<string, unknown>>,
  person: Person,
): Promise<Decided> {
  const document = parse(source);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('The document has no single operation.');
  const { coerced: variables = {} } = getVariableValues(schema, operation.variableDefinitions ?? [], given);
  const analysis = analyseOperation(schema, pricing, document, operation);
  try {
    const asked = { document, source, documentHash: source, operation };
    const access = await authorize(asked, analysis, variables, toPrincipal(person, data));
    const answer = 'answer' in access ? access.answer : access.complete?.({ data: {} });
    const denied = (answer?.errors ?? []).map(({ path = [] }) => path.join('.'));
    return { verdict: 'allow', denied, ...('answer' in access ? {} : { source: print(access.document) }) };
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return { verdict: error.code === 'AUTHORIZATION_UNAVAILABLE' ? 'error' : 'deny', denied: [] };
  }
}

const pricing = createPricing({ weights: new Map(), listSizes: new Map() }, 10);

function toPrincipal({ isGuest, roles }: Person, { roles: known }: AccessWorld): Principal {
  if (isGuest) return guest;
  return {
    kind: 'user',
    userId: 'u1',
    roles,
    sessionId: 's',
    appId: 'wx1',
    loggedInAt: 0,
    ...grantsOf(known, roles),
  };
}
