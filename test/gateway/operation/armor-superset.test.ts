import { buildSchema, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { createRandom } from '../../../bench/random.ts';
import { createArmorRules } from '../../../gateway/operation/armor.ts';
import { checkSize, type SizeLimits } from '../../../gateway/operation/check-size.ts';
import { generateOperation } from '../../federation/fuzz/generate-operation.ts';

const schema = buildSchema(`
  type Query { a: A  b(n: Int): Node }
  interface Node { id: ID!  next: Node  a: A }
  type A implements Node { id: ID!  next: Node  a: A  name: String }
  type B implements Node { id: ID!  next: Node  a: A  both: AB }
  union AB = A | B
`);
const unlimited = Number.MAX_SAFE_INTEGER;

function refuses(source: string, limits: SizeLimits): boolean {
  try {
    checkSize(parse(source), limits);
    return false;
  } catch {
    return true;
  }
}

test('whatever graphql-armor refuses by depth, aliases or directives is refused without it', () => {
  const random = createRandom(7);
  const counts = { byArmor: 0, byUs: 0, byArmorAlone: [] as string[] };
  for (let number = 0; number < 3_000; number++) {
    const { source } = generateOperation(schema, random);
    const limits: SizeLimits = {
      maxDepth: 1 + random.below(8),
      maxAliases: 1 + random.below(8),
      maxDirectives: 1 + random.below(8),
      ...{ maxSelections: unlimited, maxRootFields: unlimited, maxRootAliases: unlimited },
      maxMutations: unlimited,
    };
    const byArmor = validate(schema, parse(source), createArmorRules(limits)).length > 0;
    const byUs = refuses(source, limits);
    if (byArmor) counts.byArmor++;
    if (byUs) counts.byUs++;
    if (byArmor && !byUs) counts.byArmorAlone.push(source);
  }
  expect(counts.byArmorAlone).toEqual([]);
  expect(counts.byArmor).toBeGreaterThan(500);
  expect(counts.byUs).toBeGreaterThanOrEqual(counts.byArmor);
});
