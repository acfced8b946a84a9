import { describe, expect, test } from 'vitest';
import { createDecide, type Decision, toOccurrence } from '../../../gateway/access/decide.ts';
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
import { guest } from '../../../gateway/principal.ts';

const fails = rule('fails')(() => {
  throw new Error('the role service is away');
});
const decideAlone = (shieldRule: ShieldRule): Promise<Decision> =>
  createDecide({ principal: guest }, 50)(shieldRule, toOccurrence('Query.order', { id: '7' }));

describe('a rule of one function', () => {
  test.each([
    ['true', true, 'allow'],
    ['false', false, 'deny'],
    ['a text', 'no', 'deny'],
    ['an error returned', new Error('no'), 'deny'],
  ] as const)('that answers %s decides %s → %s', async (_name, answer, decision) => {
    expect(await decideAlone(rule()(() => answer))).toBe(decision);
  });

  test('that throws is an error, neither allow nor deny', async () => {
    expect(await decideAlone(fails)).toBe('error');
  });

  test('sees the arguments, the caller and the coordinate', async () => {
    const seen: unknown[] = [];
    await decideAlone(
      rule()((...given) => {
        seen.push(...given.slice(0, 2), given[2].principal, given[3]);
        return true;
      }),
    );
    expect(seen).toEqual([undefined, { id: '7' }, guest, { coordinate: 'Query.order' }]);
  });
});

describe('R-21 a combination with a rule that throws', () => {
  test.each([
    ['not(error)', not(fails), 'error'],
    ['or(error, deny)', or(fails, deny), 'error'],
    ['or(error, allow)', or(fails, allow), 'allow'],
    ['and(error, allow)', and(fails, allow), 'error'],
    ['and(error, deny)', and(fails, deny), 'deny'],
    ['chain(allow, error)', chain(allow, fails), 'error'],
    ['chain(deny, error)', chain(deny, fails), 'deny'],
    ['race(error, allow)', race(fails, allow), 'allow'],
    ['race(deny, error)', race(deny, fails), 'error'],
    ['not(not(error))', not(not(fails)), 'error'],
  ] as const)('R-21 %s', async (_name, combination, decision) => {
    expect(await decideAlone(combination)).toBe(decision);
  });
});

test('all eight words of the language decide as they do in graphql-shield', async () => {
  const yes = rule('yes')(() => true);
  const decisions = [
    yes,
    and(yes, allow),
    or(deny, yes),
    not(deny),
    chain(yes, deny),
    race(deny, deny),
    allow,
    deny,
  ].map(decideAlone);
  expect(await Promise.all(decisions)).toEqual([
    'allow',
    'allow',
    'allow',
    'allow',
    'deny',
    'deny',
    'allow',
    'deny',
  ]);
});

test('chain asks no rule after one that denied, race none after one that allowed', async () => {
  const asked: string[] = [];
  const answering = (name: string, answer: boolean): ShieldRule =>
    rule(name)(() => {
      asked.push(name);
      return answer;
    });
  await decideAlone(chain(answering('a', false), answering('b', true)));
  await decideAlone(race(answering('c', true), answering('d', true)));
  expect(asked).toEqual(['a', 'c']);
});
