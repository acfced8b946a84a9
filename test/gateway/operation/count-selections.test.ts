import { getOperationAST, parse } from 'graphql';
import { expect, test } from 'vitest';
import { countSelections } from '../../../gateway/operation/count-selections.ts';

const countIn = (source: string): number => {
  const document = parse(source);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('The document holds several operations.');
  return countSelections(document, operation);
};

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

test('every field counts one, fragments count as what they hold', () => {
  expect(countIn('{ a { b c } ... { d } ... on T { e { f } } ...F ...F } fragment F on T { g { h } }')).toBe(
    10,
  );
});

test('a fragment counts as often as it is spread', () => {
  expect([0, 1, 2, 3, 10].map((levels) => countIn(doubling(levels)))).toEqual([1, 4, 10, 22, 3_070]);
});

for (const levels of [32, 53, 64, 400]) {
  test(`C-04 more than 2^${levels} selections are counted in the time that reading them takes`, () => {
    const count = countIn(doubling(levels));
    expect(count).toBe(Math.min(3 * 2 ** levels - 2, Number.MAX_SAFE_INTEGER));
  });
}
