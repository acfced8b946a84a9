import { expect, test } from 'vitest';
import { readJson } from '../../../registry/bundle/read-json.ts';

/** What it reads, and the number of its pieces. */
function read(text: string): { readonly value: unknown; readonly pieces: number } {
  const steps = readJson(Buffer.from(text));
  for (let pieces = 1; ; pieces += 1) {
    const step = steps.next();
    if (step.done) return { value: step.value, pieces };
  }
}

const times = <T>(count: number, toItem: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => toItem(index));
const long = '一 "\\" {[,]}:\\\\'.repeat(20_000);
const small = times(5_000, (index) => ({ id: index, 'a "key\\': [null, true, -1.5e3, '商品', {}, []] }));

test.each<[string, unknown]>([
  ['a list of small things', small],
  ['lists within lists', { deep: { deeper: [small, { small }] } }],
  ['long texts beside small things', [1, long, 2, { [long]: long, x: 1 }, [], long]],
  ['an object of many keys', Object.fromEntries(times(9_000, (index) => [`key ${index}`, { index }]))],
  ['one long text', long],
  ['something small', { a: [1] }],
])('%s is read as JSON.parse reads it', (_title, value) => {
  expect(read(JSON.stringify(value)).value).toEqual(value);
});

test('many pieces are made of what is large, none of them much longer than 64 KB', () => {
  const text = JSON.stringify([{ small }, small, small]);
  expect(read(text).pieces).toBeGreaterThan(text.length / 65_536);
});

test('the last of two keys counts, and a key is never more than a key', () => {
  const text = `{"a":1,"__proto__":{"b":2},"long":${JSON.stringify(small)},"a":3}`;
  expect(Object.entries(read(text).value as object)).toEqual(Object.entries(JSON.parse(text)));
});

const list = JSON.stringify(small).slice(1, -1);
test.each([
  ['a comma too many', `[${list},]`],
  ['nothing between two commas', `[${list},,${list}]`],
  ['a comma at the start', `{,"a":[${list}]}`],
  ['no end', `[${list}`],
  ['the end of something else', `[${list}}`],
  ['brackets that cross', `[[${list}},{]]`],
  ['a text without an end', `[${list},"x]`],
  ['a key without a value', `{"a" [${list}]}`],
  ['a value without a key', `{[${list}]}`],
  ['more after the end', `[${list}]]`],
])('%s is refused', (_title, text) => {
  expect(() => JSON.parse(text)).toThrow(SyntaxError);
  expect(() => read(text)).toThrow(SyntaxError);
});
