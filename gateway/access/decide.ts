/** Decides one rule in three values, so that a rule that fails never opens a door by being negated. */
import { type AccessContext, type AccessInfo, classify, type LeafRule, type ShieldRule } from './shield.ts';

/** `error` is a rule that threw. `not(error)` is an error, `or` forgives it beside an `allow`, `and` beside a `deny`. */
export type Decision = 'allow' | 'deny' | 'error';

/** One place in the operation where a rule is asked. */
export interface Occurrence {
  readonly args: Readonly<Record<string, unknown>>;
  readonly info: AccessInfo;
}

export async function decide(
  rule: ShieldRule,
  context: AccessContext,
  occurrence: Occurrence,
): Promise<Decision> {
  const classified = classify(rule);
  if (classified.kind === 'leaf') return decideLeaf(classified.leaf, context, occurrence);
  const { kind, parts } = classified;
  const decidePart = (part: ShieldRule): Promise<Decision> => decide(part, context, occurrence);
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
}

async function decideLeaf(
  leaf: LeafRule,
  context: AccessContext,
  { args, info }: Occurrence,
): Promise<Decision> {
  try {
    // Cached rules look for their memory in the context; a fresh one per question keeps them from sharing answers.
    const shieldContext = { ...context, _shield: { cache: {} } };
    const answer = await leaf.resolve(undefined, args, shieldContext, info, {
      debug: true,
      hashFunction: JSON.stringify,
    });
    return answer === true ? 'allow' : 'deny';
  } catch {
    return 'error';
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
