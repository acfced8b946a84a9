import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { countRepeats } from '../../../gateway/operation/count-repeats.ts';

test.each([
  ['{ a b c }', 0],
  ['{ a a a }', 2],
  ['{ a x: a y: a }', 0],
  ['{ x: a x: b }', 1],
  ['{ a { id } b { id } }', 0],
  ['{ a { id id } b { id id } }', 2],
  ['{ a ... { a ... on T { a } } }', 2],
  ['{ a ...F } fragment F on T { a a }', 1],
  ['{ ...F ...G ...H } fragment F on T { a } fragment G on T { b } fragment H on T { c }', 1],
])('%s asks %i again', (source, repeats) => {
  expect(countRepeats(parse(source))).toBe(repeats);
});
