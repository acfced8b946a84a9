import { expect, test } from 'vitest';
import {
  createSafelist,
  documentIdOf,
  type RegisteredOperation,
} from '../../../gateway/persisted/safelist.ts';

const body = 'query A { a } query B { b }';
const id = documentIdOf(body);
const forAny: RegisteredOperation = { id, body, name: 'A', type: 'query' };
const forShop = { ...forAny, client: 'shop', maxAgeSeconds: 1 };
const forShop2 = { ...forAny, client: 'shop', version: '2.0.0', maxAgeSeconds: 2 };
const nobody = { name: undefined, version: undefined };
const shop = (version?: string) => ({ name: 'shop', version });

test('what is registered for the version of the client goes before what is for the client, and that before the rest', () => {
  const safelist = createSafelist([forAny, forShop, forShop2]);
  expect(
    [shop('2.0.0'), shop('1.0.0'), shop(), { name: 'till', version: '2.0.0' }, nobody].map((client) =>
      safelist.find(id, client, undefined),
    ),
  ).toEqual([forShop2, forShop, forShop, forAny, forAny]);
});

test('what is registered for one version of a client alone is for nobody else', () => {
  const safelist = createSafelist([forShop2]);
  expect(
    [shop('2.0.0'), shop('2.0.1'), shop(), nobody, undefined].map((client) =>
      safelist.find(id, client, undefined),
    ),
  ).toEqual([forShop2, 'other client', 'other client', 'other client', forShop2]);
});

test('of a document with two operations only the registered one is found', () => {
  const safelist = createSafelist([forAny]);
  expect([undefined, 'A', 'B', '__proto__'].map((name) => safelist.find(id, nobody, name))).toEqual([
    forAny,
    forAny,
    'other operation',
    'other operation',
  ]);
});

test('both are found when both are registered', () => {
  const second = { ...forAny, name: 'B' };
  const safelist = createSafelist([forAny, second]);
  expect([undefined, 'A', 'B'].map((name) => safelist.find(id, nobody, name))).toEqual([
    forAny,
    forAny,
    second,
  ]);
});

test('a retired id is retired for everybody, and an id that nobody knows is not', () => {
  const safelist = createSafelist([forAny, forShop], [id]);
  expect([
    safelist.find(id, shop(), 'A'),
    safelist.find('__proto__', shop(), 'A'),
    safelist.operations,
  ]).toEqual(['retired', 'unknown', []]);
});

test('an operation in the manifests of two mini-programs is one that both may run; in one of none, anybody', () => {
  const [a, b] = ['wx1', 'wx2'].map((appId) => ({ ...forShop, appIds: [appId] }));
  if (!a || !b) throw new Error('two of them');
  expect(createSafelist([a, b]).operations).toEqual([{ ...forShop, appIds: ['wx1', 'wx2'] }]);
  expect(createSafelist([a, forShop]).operations).toEqual([forShop]);
});
