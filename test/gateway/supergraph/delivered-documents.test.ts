import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DeliveredGateway, startDeliveredGateway } from '../../support/delivered-gateway.ts';
import { greetingGraph, toGreetings, toOperation } from '../../support/greeting-graph.ts';
import { type StandInRegistry, startStandInRegistry } from '../../support/stand-in-registry.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/test-subgraph.ts';

/** As the planner is asked for it, and for the one below. */
const valid = 'query Hello {\n  hello\n}';
const invalid = 'query Hello { hello nothing @include(if: false) }';
const introspecting = 'query Schema { __schema { queryType { name } } }';

let subgraph: TestSubgraph;
let registry: StandInRegistry;
let gateway: DeliveredGateway;

beforeAll(async () => {
  subgraph = await startTestSubgraph(greetingGraph);
  registry = await startStandInRegistry();
  const operations = [valid, invalid, introspecting].map(toOperation);
  await registry.publish({ ...toGreetings(subgraph.url, ['hello', 'goodbye']), manifests: [{ operations }] });
  gateway = await startDeliveredGateway(registry);
});
afterAll(async () => {
  await gateway.close();
  await Promise.all([registry.close(), subgraph.close()]);
});

test('one document is not taken for valid because it is planned like another that is', async () => {
  expect(await gateway.ask(valid)).toEqual({ hello: 'hello' });
  expect(await gateway.ask(invalid)).toBe('GRAPHQL_VALIDATION_FAILED');
});

test('a valid document that asks for the schema is refused where nobody may read it', async () => {
  expect(await gateway.ask(introspecting)).toBe('GRAPHQL_VALIDATION_FAILED');
});

test('what the next version keeps runs on, what it drops is refused, and what tighter limits forbid too', async () => {
  const publish = async (given: Parameters<StandInRegistry['publish']>[0]): Promise<void> => {
    const { sequence = 0 } = await gateway.inspect();
    await registry.publish(given);
    await expect.poll(async () => (await gateway.inspect()).sequence, { timeout: 10_000 }).toBe(sequence + 1);
  };
  const both = 'query Both { hello goodbye }';
  const manifests = [{ operations: [both, valid].map(toOperation) }];
  const whole = { ...toGreetings(subgraph.url, ['hello', 'goodbye']), manifests };
  await publish(whole);
  const answers = async () => [await gateway.ask(valid), await gateway.ask(both)];
  expect(await answers()).toEqual([{ hello: 'hello' }, { hello: 'hello', goodbye: 'goodbye' }]);
  await publish({ ...whole, limits: { maxSelections: 1 } });
  expect(await answers()).toEqual([{ hello: 'hello' }, 'LIMIT_EXCEEDED']);
  await publish({ ...toGreetings(subgraph.url, ['hello']), manifests });
  expect(await answers()).toEqual([{ hello: 'hello' }, 'GRAPHQL_VALIDATION_FAILED']);
});
