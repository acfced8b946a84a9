import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConfigInput } from '../../gateway/config.ts';
import { documentIdOf } from '../../gateway/persisted/safelist.ts';
import { attackGraph } from '../support/attack-graph.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { startTestSubgraph, type TestSubgraph } from '../support/test-subgraph.ts';

let subgraphs: readonly TestSubgraph[];
let gateway: TestGateway;

const start = (config: Omit<ConfigInput, 'supergraph'>): Promise<TestGateway> =>
  startTestGateway({ subgraphs, operations: { Users: query }, config });
const query = 'query Users{users(first:5){id friends{id}}}';

beforeAll(async () => {
  subgraphs = await Promise.all(attackGraph.map(startTestSubgraph));
  gateway = await start({ dev: true, limits: { maxCost: 100 } });
});
afterAll(async () => {
  await gateway?.close();
  await Promise.all((subgraphs ?? []).map((subgraph) => subgraph.close()));
});

async function ask(to: TestGateway, body: object, headers: Record<string, string> = {}) {
  const response = await fetch(`${to.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const costHeaders = [...response.headers].filter(([name]) => name.startsWith('minigate-cost'));
  const { errors, extensions } = (await response.json()) as Record<string, unknown>;
  const [error] = (errors ?? []) as { message: string }[];
  return {
    status: response.status,
    costHeaders: Object.fromEntries(costHeaders),
    extensions,
    message: error?.message,
  };
}

const onRequest = { 'minigate-cost': '1' };

test('an answer tells its cost to a developer who asks', async () => {
  expect(await ask(gateway, { query }, onRequest)).toEqual({
    status: 200,
    costHeaders: { 'minigate-cost-estimated': '55', 'minigate-cost-actual': '6', 'minigate-cost-max': '100' },
    extensions: { cost: { estimated: 55, actual: 6, max: 100, remaining: expect.any(Number) } },
    message: undefined,
  });
});

test('a refusal tells it too', async () => {
  expect(await ask(gateway, { query: query.replace('5', '10') }, onRequest)).toEqual({
    status: 400,
    costHeaders: { 'minigate-cost-estimated': '110', 'minigate-cost-max': '100' },
    extensions: undefined,
    message: 'The operation costs 110; one request may cost 100.',
  });
});

test('nobody is told who does not ask', async () => {
  expect(await ask(gateway, { query })).toEqual({
    status: 200,
    costHeaders: {},
    extensions: undefined,
    message: undefined,
  });
});

test('outside development nobody is told at all', async () => {
  const closed = await start({ policy: new URL('../support/attack-policy.ts', import.meta.url).pathname });
  expect(await ask(closed, { documentId: documentIdOf(query) }, onRequest)).toEqual({
    status: 200,
    costHeaders: {},
    extensions: undefined,
    message: undefined,
  });
  await closed.close();
});

test('the mode that measures answers what enforcement would refuse, and counts and logs it', async () => {
  const measuring = await start({
    dev: true,
    limits: { maxCost: 50, costMode: 'measure' },
    budgets: { address: { capacity: 20, refillPerSecond: 0.001 } },
  });
  const [dear, within, beyond] = [query, '{users(first:20){id}}', '{users(first:30){id}}'];
  await ask(measuring, { query: '{users(first:3){id}}' });
  for (const each of [dear, within, beyond]) expect((await ask(measuring, { query: each })).status).toBe(200);
  const costs = measuring.log().flatMap(({ cost }) => (cost ? [cost] : []));
  const metrics = await (await fetch(`${measuring.adminUrl}/metrics`)).text();
  await measuring.close();

  expect(costs).toEqual([
    { estimated: 3, actual: 3, max: 50, remaining: expect.closeTo(17, 1), result: 'OK' },
    { estimated: 55, actual: 6, max: 50, result: 'COST_LIMIT_EXCEEDED' },
    { estimated: 20, actual: 3, max: 50, result: 'RATE_LIMITED' },
    { estimated: 30, actual: 3, max: 50, result: 'RATE_LIMITED' },
  ]);
  for (const line of [
    'minigate_cost_estimated_sum{result="RATE_LIMITED"} 50',
    'minigate_cost_actual_sum{result="RATE_LIMITED"} 6',
    'minigate_cost_delta_sum{result="RATE_LIMITED"} -44',
    'minigate_cost_estimated_count{result="COST_LIMIT_EXCEEDED"} 1',
    'minigate_cost_delta_sum{result="OK"} 0',
  ])
    expect(metrics).toContain(line);
});

test('a ceiling for a role that the policy does not have stops the start', async () => {
  await expect(start({ dev: true, limits: { maxCostByRole: { MANAGER: 5 } } })).rejects.toThrowError(
    'limits.maxCostByRole: the policy has no role MANAGER',
  );
});
