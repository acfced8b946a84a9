/** Holds docs/cost.md: its example costs what it says. */
import { readFileSync } from 'node:fs';
import { buildASTSchema, type GraphQLSchema, getOperationAST, parse } from 'graphql';
import { expect, test } from 'vitest';
import { configJsonSchema } from '../../../gateway/config.ts';
import { createCountCost } from '../../../gateway/demand/actual-cost.ts';
import { readCostDirectives } from '../../../gateway/demand/cost-directives.ts';
import { listSettings } from '../../../gateway/read-settings.ts';
import { toCostOf } from './cost-of.ts';

const page = readFileSync('docs/cost.md', 'utf8');
const source = /```graphql\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
const supergraph = parse(readFileSync('subgraphs/supergraph.graphql', 'utf8'));
const schema: GraphQLSchema = buildASTSchema(supergraph, { assumeValid: true });
const directives = readCostDirectives(supergraph);
const figure = (pattern: RegExp): number => Number(pattern.exec(page)?.[1]?.replaceAll(',', ''));

test('the operation of docs/cost.md is estimated as the page says', () => {
  const costOf = toCostOf({ schema, directives, defaultListSize: 10 });
  expect([costOf(source), costOf(source.replace('5', '200'))]).toEqual([
    figure(/= \*\*(\d+)\*\*/),
    figure(/products it would be ([\d,]+)/),
  ]);
});

test('its answer costs what the page says', () => {
  const document = parse(source);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('The page shows no operation.');
  const skus = [[1], [1], [1], [1, 2], [1, 2]].map((stocks) =>
    stocks.map((stock) => ({ priceFen: 1, stock })),
  );
  const edges = skus.map((each) => ({ node: { id: 'p', title: 't', category: { name: 'c' }, skus: each } }));
  const countCost = createCountCost({ schema, weights: directives.weights });
  expect(countCost(document, operation, {}, { products: { edges } })).toBe(figure(/14 = (\d+)\./));
});

test.each(['principal', 'address', 'app'])('the budget of %s is the default', (name) => {
  const [, capacity, refill] =
    new RegExp(`\\| \`budgets.${name}\` \\| ([\\d,]+) \\| ([\\d,]+) \\|`).exec(page) ?? [];
  const defaults = listSettings(configJsonSchema).filter(
    ({ path }) => path[0] === 'budgets' && path[1] === name,
  );
  expect(defaults.map(({ fallback }) => Number(fallback).toLocaleString('en'))).toEqual([capacity, refill]);
});
