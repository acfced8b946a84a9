import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { measureOperations, type OperationSize } from '../../../gateway/operation/measure.ts';

const sizesOf = (source: string): OperationSize[] => [...measureOperations(parse(source)).values()];
const sizeOf = (source: string): OperationSize => sizesOf(source)[0] as OperationSize;

/** Each fragment spreads the next twice: 2 ^ levels leaves, and 2 fields above each pair. */
const doubling = (levels: number): string =>
  [
    '{ ...F0 }',
    ...Array.from({ length: levels }, (_, level) => {
      const next = `{ ...F${level + 1} }`;
      return `fragment F${level} on T { a: a ${next} b: a ${next} }`;
    }),
    `fragment F${levels} on T { id }`,
  ].join('\n');

test('an operation is as large as what it selects, its fragments written out', () => {
  const source = `query ($v: Int @a) @b {
    a { b c: d }
    ... @include(if: true) { e }
    ...F @skip(if: false)
    x: ...F
  } fragment F on T @c { f { g: h { i } } }`;
  expect(sizeOf(source.replace('x: ...F', '...F'))).toEqual({
    depth: 3,
    selections: 10,
    aliases: 3,
    directives: 6,
    rootFields: 4,
    rootAliases: 0,
  });
});

test('aliases of the root are counted through fragments', () => {
  expect(sizeOf('{ a: f ...F ...F } fragment F on Query { b: f ... { c: f d } }')).toMatchObject({
    rootFields: 7,
    rootAliases: 5,
  });
});

test('introspection has the depth of its root; graphql-js bounds it itself', () => {
  expect(sizeOf('{ s: __schema { types { fields { type { ofType { name } } } } } }')).toMatchObject({
    depth: 1,
    selections: 6,
  });
});

test('a fragment that is first met near the root has its full depth where it is met below', () => {
  const source = '{ ...F a { a { a { ...F } } } } fragment F on T { a { a { a { id } } } }';
  expect(sizeOf(source).depth).toBe(7);
});

test('every operation of a document is measured', () => {
  expect(sizesOf('query A { a } query B { b { c } }').map(({ selections }) => selections)).toEqual([1, 2]);
});

for (const levels of [10, 32, 53, 64, 400]) {
  test(`C-04 2^${levels} selections are counted in the time that reading them takes`, () => {
    const most = Number.MAX_SAFE_INTEGER;
    expect(sizeOf(doubling(levels))).toEqual({
      depth: levels + 1,
      selections: Math.min(3 * 2 ** levels - 2, most),
      aliases: Math.min(2 * 2 ** levels - 2, most),
      directives: 0,
      rootFields: 2,
      rootAliases: 2,
    });
  });
}
