import { buildSchema, isObjectType, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { composeWideSupergraph, variants, wideMutations, wideQueries } from '../../bench/swap-schema.ts';
import { createPlanner } from '../../gateway/planning/planner.ts';

test.each(variants)('variant %s has 300 types, and answers everything that is asked', async (variant) => {
  const supergraphSdl = composeWideSupergraph(variant, 'http://127.0.0.1:9');
  const planner = await createPlanner({
    ...{ supergraphSdl, timeoutMs: 60_000, maxQueued: 1, maxHeapMb: 512 },
  });
  const schema = buildSchema(planner.apiSchemaSdl);
  const own = Object.values(schema.getTypeMap()).filter(({ name }) => /^T\d+x\d+$/.test(name));
  expect(own.filter(isObjectType)).toHaveLength(300);
  expect([...wideQueries, ...wideMutations].flatMap((document) => validate(schema, parse(document)))).toEqual(
    [],
  );
  const plan = JSON.stringify(await planner.plan(wideQueries[3] ?? '', undefined));
  expect(plan).toContain(variant === 'a' ? 'T3x0{stock}' : 'T3x0{moved stock}');
  await planner.close();
});
