import { describe, expect, test } from 'vitest';
import { createDecide, toOccurrence } from '../../../gateway/access/decide.ts';
import { argumentIsOwn } from '../../../gateway/access/ready-rules.ts';
import { guest, type Principal } from '../../../gateway/principal.ts';

const user: Principal = {
  kind: 'user',
  userId: '7',
  roles: [],
  scopes: [],
  level: 1,
  sessionId: 's',
  loggedInAt: 0,
  appId: 'wx1',
};
const decide = (path: string, args: Record<string, unknown>, principal: Principal = user) =>
  createDecide({ principal }, 50)(argumentIsOwn(path), toOccurrence('Query.orders', args));

describe('an argument that must be one’s own', () => {
  test.each([
    ['the own id', 'userId', { userId: '7' }],
    ['the own id as a number', 'userId', { userId: 7 }],
    ['a list of it', 'ids', { ids: ['7', '7'] }],
    ['it in an input object', 'where.owner.id', { where: { owner: { id: '7' } } }],
    ['it in each of a list of input objects', 'items.userId', { items: [{ userId: '7' }, { userId: '7' }] }],
  ])('allows %s', async (_name, path, args) => {
    expect(await decide(path, args)).toBe('allow');
  });

  test.each([
    ['another id', 'userId', { userId: '8' }],
    ['nothing', 'userId', {}],
    ['null', 'userId', { userId: null }],
    ['an empty list', 'ids', { ids: [] }],
    ['another id among the own', 'ids', { ids: ['7', '8'] }],
    ['a list in a list', 'ids', { ids: [['7'], ['8']] }],
    ['null in a list', 'ids', { ids: ['7', null] }],
    ['an input object without it', 'where.id', { where: {} }],
    ['one of several input objects without it', 'items.userId', { items: [{ userId: '7' }, {}] }],
    ['an object in place of an id', 'userId', { userId: { toString: () => '7' } }],
    ['what every object inherits', 'userId.constructor', { userId: {} }],
  ])('denies %s', async (_name, path, args) => {
    expect(await decide(path, args)).toBe('deny');
  });

  test('denies a guest', async () => {
    expect(await decide('userId', { userId: '' }, guest)).toBe('deny');
  });
});
