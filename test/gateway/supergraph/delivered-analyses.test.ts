import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPublicKeys } from '../../../registry/bundle/bundle-keys.ts';
import { openBundle } from '../../../registry/bundle/open-bundle.ts';
import { signPayload, toPayload } from '../../../registry/bundle/write-bundle.ts';
import { startDeliveredGateway } from '../../support/delivered-gateway.ts';
import { greetingGraph, hello, toGreetings } from '../../support/greeting-graph.ts';
import { type StandInRegistry, startStandInRegistry } from '../../support/stand-in-registry.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/test-subgraph.ts';

let subgraph: TestSubgraph;
let registry: StandInRegistry;

beforeAll(async () => {
  subgraph = await startTestSubgraph(greetingGraph);
  registry = await startStandInRegistry();
});
afterAll(() => Promise.all([registry.close(), subgraph.close()]));

type Analyses = NonNullable<Awaited<ReturnType<typeof openBundle>>['prepared']['analyses']>;

/** What a gateway answers whose bundle says that `hello` costs 5,000: it costs nothing, and 2,000 are allowed. */
async function answerUnder(change: (analyses: Analyses) => Analyses | undefined, defaultListSize = 10) {
  const bytes = await registry.publish(toGreetings(subgraph.url, ['hello']));
  const { prepared, ...content } = await openBundle(bytes, readPublicKeys(registry.trust.publicKeys));
  const plans = prepared.plans.map(({ analysis = '{}', ...plan }) => ({
    ...plan,
    analysis: JSON.stringify({ ...JSON.parse(analysis), price: { price: 5_000, steps: [] } }),
  }));
  const analyses = prepared.analyses && change(prepared.analyses);
  registry.deliver(signPayload(toPayload(content, { ...prepared, plans, analyses }), registry.signingKey));
  const gateway = await startDeliveredGateway(registry, { config: { limits: { defaultListSize } } });
  const answer = await gateway.ask(hello);
  await gateway.close();
  return answer;
}

test('a gateway takes analyses and prices from the bundle', async () => {
  expect(await answerUnder((analyses) => analyses)).toBe('COST_LIMIT_EXCEEDED');
});

test.each([
  [
    'that are written in another format',
    (analyses: Analyses) => ({ ...analyses, format: analyses.format + 1 }),
    10,
  ],
  ['of a bundle that does not say how they are written', () => undefined, 10],
  ['that assume another size of lists than its settings', (analyses: Analyses) => analyses, 20],
])('it makes its own in place of those %s', async (_, change, defaultListSize) => {
  expect(await answerUnder(change, defaultListSize)).toEqual({ hello: 'hello' });
});
