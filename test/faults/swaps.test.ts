/** Faults of timing when one supergraph takes the place of another: every request is answered by one of them alone. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { documentIdOf } from '../../gateway/persisted/safelist.ts';
import type { SupplyState } from '../../gateway/supply.ts';
import { federation2 } from '../support/federation-scenario.ts';
import { createManualTimers } from '../support/manual-timers.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import {
  startTestSubgraph,
  type TestSubgraph,
  type TestSubgraphDefinition,
} from '../support/test-subgraph.ts';

/** Both subgraphs serve `a` and `b` and answer with their own name; the supergraph says who is asked for which. */
const subgraphNamed = (name: string): TestSubgraphDefinition => ({
  name,
  sdl: federation2('type Item @key(fields: "id") { id: ID!  a: String!  b: String! }'),
  resolvers: { Item: { a: () => name, b: () => name } },
});
const publishing = (field: string) =>
  federation2(`type Item @key(fields: "id") { id: ID!  ${field}: String! }`);

const straight = { a: 'one', b: 'two' };
const crossed = { a: 'two', b: 'one' };
const registered = 'query Registered { item { a b } }';

let saving = Promise.withResolvers<void>();
let begun = Promise.withResolvers<void>();
const timers = createManualTimers();
let servers: readonly TestSubgraph[];
let gateway: TestGateway;

const items: TestSubgraphDefinition = {
  name: 'items',
  sdl: federation2(`
    type Query { item: Item! }
    type Mutation { save: Item! }
    type Item @key(fields: "id") { id: ID! }
  `),
  resolvers: {
    Query: { item: () => ({ id: '1' }) },
    Mutation: {
      save: async () => {
        begun.resolve();
        await saving.promise;
        return { id: '1' };
      },
    },
  },
};

/** @param by the subgraph that answers each field */
const supergraph = (by: typeof straight) =>
  servers.map(({ name, sdl, url }) => {
    const [field] = Object.entries(by).find(([, subgraph]) => subgraph === name) ?? [];
    return { name, url, sdl: field ? publishing(field) : sdl };
  });

beforeAll(async () => {
  servers = await Promise.all([items, subgraphNamed('one'), subgraphNamed('two')].map(startTestSubgraph));
  gateway = await startTestGateway({
    subgraphs: supergraph(straight),
    operations: { Registered: registered },
    config: { dev: true },
    schedule(run, ms) {
      const timer = timers.setTimeout(run, ms);
      return () => timers.clearTimeout(timer);
    },
  });
});

beforeEach(async () => {
  saving = Promise.withResolvers();
  begun = Promise.withResolvers();
  await gateway.replaceSubgraphs(supergraph(straight));
});

afterAll(async () => {
  await gateway?.close();
  await Promise.all((servers ?? []).map((server) => server.close()));
});

async function ask(body: object): Promise<unknown> {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, ...((await response.json()) as object) };
}

const answer = (item: typeof straight, field = 'item') => ({ status: 200, data: { [field]: item } });

test('B-39 a mutation under way when the supergraph changes ends by the one it began with', async () => {
  const saved = ask({ query: 'mutation { save { a b } }' });
  await begun.promise;
  await gateway.replaceSubgraphs(supergraph(crossed));
  expect(await ask({ query: '{ item { a b } }' })).toEqual(answer(crossed));
  saving.resolve();
  expect(await saved).toEqual(answer(straight, 'save'));
});

test('B-39 a mutation that has not ended 30 s after the swap is ended, and its generation with it', async () => {
  const saved = ask({ query: 'mutation { save { a b } }' });
  await begun.promise;
  await gateway.replaceSubgraphs(supergraph(crossed));
  const inFlight = async () =>
    ((await (await fetch(`${gateway.adminUrl}/admin/generation`)).json()) as SupplyState).generations.map(
      (one) => one.inFlight,
    );
  timers.advance(29_999);
  expect(await inFlight()).toEqual([0, 1]);
  timers.advance(1);
  expect(await saved).toMatchObject({
    status: 504,
    errors: [{ extensions: { code: 'DEADLINE_EXCEEDED' } }],
  });
  expect(await inFlight()).toEqual([0]);
  expect(gateway.log()).toContainEqual(
    expect.objectContaining({
      requests: 1,
      msg: 'requests of a replaced schema took too long and were ended',
    }),
  );
  saving.resolve();
  expect(await ask({ query: '{ item { a b } }' })).toEqual(answer(crossed));
});

test('B-40 requests that come while supergraphs change, planned before or not, are answered by one of them', async () => {
  let over = false;
  const answers: unknown[] = [];
  const keepAsking = async (toBody: (round: number) => object): Promise<void> => {
    for (let round = 0; !over; round += 1) answers.push(await ask(toBody(round)));
  };
  const asking = [
    keepAsking(() => ({ documentId: documentIdOf(registered) })),
    keepAsking(() => ({ query: '{ item { a b } }' })),
    keepAsking((round) => ({ query: `query New${round} { item { a b } }` })),
  ];
  for (const by of [crossed, straight, crossed, straight]) {
    await gateway.replaceSubgraphs(supergraph(by));
    expect(await ask({ documentId: documentIdOf(registered) })).toEqual(answer(by));
  }
  over = true;
  await Promise.all(asking);

  const kinds = new Map(answers.map((each) => [JSON.stringify(each), each]));
  expect([...kinds.keys()]).toHaveLength(2);
  expect([...kinds.values()]).toEqual(expect.arrayContaining([answer(straight), answer(crossed)]));
});

test('B-41 of swaps that come faster than one is built the newest is in force, and all who asked know it', async () => {
  const swaps = [crossed, straight, crossed, straight].map((by) => gateway.replaceSubgraphs(supergraph(by)));
  const [first, ...later] = await Promise.all(swaps);
  const inForce = gateway.log().filter(({ msg }) => msg === 'a new supergraph is in force');
  expect(inForce.slice(-2).map(({ version }) => version)).toEqual([first, later[0]]);
  expect(new Set(later).size).toBe(1);
  expect(await ask({ query: '{ item { a b } }' })).toEqual(answer(straight));
});
