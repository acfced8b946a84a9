/** Decides one rule in three values, so that a rule that fails never opens a door by being negated. */
import { type AccessContext, classify, type LeafRule, type ShieldRule } from './shield.ts';

/** `error` is a rule that threw. `not(error)` is an error, `or` forgives it beside an `allow`, `and` beside a `deny`. */
export type Decision = 'allow' | 'deny' | 'error';

/** One place in the operation where a rule is asked. */
export interface Occurrence {
  readonly coordinate: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Equal where coordinate and arguments are. */
  readonly key: string | symbol;
}

export function toOccurrence(coordinate: string, args: Readonly<Record<string, unknown>>): Occurrence {
  return { coordinate, args, key: toKey(coordinate, args) };
}

/** JSON tells apart what it can write; arguments with anything else are equal to no others. */
function toKey(coordinate: string, args: Readonly<Record<string, unknown>>): string | symbol {
  let isExact = true;
  const json = JSON.stringify(args, (_key, value: unknown) => {
    if (typeof value === 'object' && value !== null) isExact &&= isPlain(value);
    else if (typeof value === 'number') isExact &&= Number.isFinite(value);
    else isExact &&= value === null || typeof value === 'string' || typeof value === 'boolean';
    return isExact ? value : null;
  });
  return isExact ? `${coordinate} ${json}` : Symbol(coordinate);
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || prototype === Array.prototype;
}

export type Decide = (rule: ShieldRule, occurrence: Occurrence) => Promise<Decision>;

/** For one request: each function is asked once for equal coordinate and arguments, a `contextual` one once at all. */
export function createDecide(context: AccessContext, timeoutMs: number): Decide {
  const known = new Map<LeafRule, Map<string | symbol, Promise<Decision>>>();

  const decideOnce = (leaf: LeafRule, occurrence: Occurrence): Promise<Decision> => {
    const ofLeaf = known.get(leaf) ?? new Map<string | symbol, Promise<Decision>>();
    known.set(leaf, ofLeaf);
    const key = leaf.cache === 'contextual' ? '' : occurrence.key;
    const decision = ofLeaf.get(key) ?? decideLeaf(leaf, context, occurrence, timeoutMs);
    ofLeaf.set(key, decision);
    return decision;
  };

  const decide: Decide = async (rule, occurrence) => {
    const classified = classify(rule);
    if (classified.kind === 'leaf') return decideOnce(classified.leaf, occurrence);
    const { kind, parts } = classified;
    const decidePart = (part: ShieldRule): Promise<Decision> => decide(part, occurrence);
    switch (kind) {
      case 'allow':
      case 'deny':
        return kind;
      case 'not':
        return negate(await decidePart(parts[0] as ShieldRule));
      case 'and':
        return strongest(await Promise.all(parts.map(decidePart)), ['deny', 'error', 'allow']);
      case 'or':
        return strongest(await Promise.all(parts.map(decidePart)), ['allow', 'error', 'deny']);
      case 'chain':
        return strongest(await decideUntil(parts, decidePart, (decision) => decision !== 'allow'), [
          'deny',
          'error',
          'allow',
        ]);
      case 'race':
        return strongest(await decideUntil(parts, decidePart, (decision) => decision === 'allow'), [
          'allow',
          'error',
          'deny',
        ]);
    }
  };
  return decide;
}

/** What a rule that promised not to look at its arguments finds there. */
const noArguments: Readonly<Record<string, unknown>> = new Proxy(
  {},
  {
    get() {
      throw new TypeError('A contextual rule reads an argument.');
    },
  },
);

async function decideLeaf(
  leaf: LeafRule,
  context: AccessContext,
  { coordinate, args }: Occurrence,
  timeoutMs: number,
): Promise<Decision> {
  const isContextual = leaf.cache === 'contextual';
  // Cached rules look for their memory in the context; ours is better, so that theirs is empty each time.
  const shieldContext = { ...context, _shield: { cache: {} } };
  const answer = leaf.resolve(
    undefined,
    isContextual ? noArguments : args,
    shieldContext,
    { coordinate: isContextual ? '' : coordinate },
    { debug: true, hashFunction: () => '' },
  );
  const late = Promise.withResolvers<'error'>();
  const timer = setTimeout(late.resolve, timeoutMs, 'error');
  try {
    const decided = await Promise.race([answer, late.promise]);
    if (decided === 'error') return 'error';
    return decided === true ? 'allow' : 'deny';
  } catch {
    return 'error';
  } finally {
    clearTimeout(timer);
  }
}

function negate(decision: Decision): Decision {
  if (decision === 'error') return 'error';
  return decision === 'allow' ? 'deny' : 'allow';
}

/** The first of the ranked decisions that occurs; the last when none was asked. */
function strongest(
  decisions: readonly Decision[],
  ranking: readonly [Decision, Decision, Decision],
): Decision {
  return ranking.find((decision) => decisions.includes(decision)) ?? ranking[2];
}

async function decideUntil(
  parts: readonly ShieldRule[],
  decidePart: (part: ShieldRule) => Promise<Decision>,
  settles: (decision: Decision) => boolean,
): Promise<Decision[]> {
  const decisions: Decision[] = [];
  for (const part of parts) {
    const decision = await decidePart(part);
    decisions.push(decision);
    if (settles(decision)) break;
  }
  return decisions;
}
