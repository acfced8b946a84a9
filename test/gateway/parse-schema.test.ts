import { readFileSync } from 'node:fs';
import { type DocumentNode, parse } from 'graphql';
import { expect, test } from 'vitest';
import { createParseSchema } from '../../gateway/parse-schema.ts';

const atOnce = async (): Promise<void> => {};
const whole = (sdl: string): DocumentNode => parse(sdl, { noLocation: true });

async function parseCounting(sdl: string) {
  let slices = 0;
  const document = await createParseSchema()(sdl, async () => {
    slices += 1;
  });
  return { document, slices };
}

test.each([
  [
    'plain definitions',
    'type A {\n  a: Int @deprecated(reason: "\\"\\"\\"")\n  b: Int\n}\n\nenum B { C }\n\nextend type A @x',
    3,
  ],
  [
    'descriptions with blank lines, quotes and what looks like a definition',
    '"""\nOf A:\n\ntype No { a: Int }\n\n\\"""\n\nend\n"""\ntype A {\n  "one"\n  a: Int\n}\n\n"""B"""\nscalar B',
    2,
  ],
])('%s are parsed in slices to what they are as a whole', async (_, sdl, slices) => {
  expect(await parseCounting(sdl)).toEqual({ document: whole(sdl), slices });
});

test('a supergraph is parsed to what it is as a whole', async () => {
  const supergraph = readFileSync('subgraphs/supergraph.graphql', 'utf8');
  expect((await parseCounting(supergraph)).document).toEqual(whole(supergraph));
});

test.each([
  ['a blank line within a definition', 'type A {\n  a: Int\n\nb: Int\n}'],
  ['a part that is a comment', 'type A { a: Int }\n\n# nothing\n\ntype B { b: Int }\n\n# nothing'],
])('%s parts nothing', async (_, sdl) => {
  expect((await parseCounting(sdl)).document).toEqual(whole(sdl));
});

test('a definition that the schema before had is taken over, others are parsed, in the order in which they are now', async () => {
  const parseSchema = createParseSchema();
  const [before] = (await parseSchema('type A { a: Int }\n\ntype B { b: Int }', atOnce)).definitions;
  const next = 'type B { b: Int }\n\ntype C { c: Int }\n\ntype A { a: Int }';
  const document = await parseSchema(next.replace('type B', '\n\ntype B'), atOnce);
  expect(document).toEqual(whole(next));
  expect(document.definitions[2]).toBe(before);
});

test('a definition that is written twice is there twice', async () => {
  const sdl = 'extend type A @x\n\nextend type A @x\n\nextend type A @x';
  expect((await parseCounting(sdl)).document).toEqual(whole(sdl));
});

test('what is wrong is told by its place in the whole, and what was known stays known', async () => {
  const parseSchema = createParseSchema();
  const [before] = (await parseSchema('type A { a: Int }', atOnce)).definitions;
  await expect(parseSchema('type A { a: Int }\n\ntype {', atOnce)).rejects.toThrow(
    expect.objectContaining({
      message: 'Syntax Error: Expected Name, found "{".',
      locations: [{ line: 3, column: 6 }],
    }),
  );
  expect((await parseSchema('type A { a: Int }', atOnce)).definitions[0]).toBe(before);
});
