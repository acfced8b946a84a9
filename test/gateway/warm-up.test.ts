import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSafelist, documentIdOf } from '../../gateway/persisted/safelist.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { startTestSubgraph, type TestSubgraph } from '../support/test-subgraph.ts';

const operations = {
  Fits: 'query Fits { hello }',
  TooLarge: 'query TooLarge { hello again: hello hello hello }',
  Unknown: 'query Unknown { nothing }',
  Renamed: 'query AnotherName { hello }',
  Disguised: ' # no query\n mutation Disguised { hello }',
  Dear: 'query Dear($first: Int = 1000) { many(first: $first) { hello } }',
  Unpriced: 'query Unpriced($first: Int!) { many(first: $first) { hello } }',
};

let subgraph: TestSubgraph;
let gateway: TestGateway;

beforeAll(async () => {
  subgraph = await startTestSubgraph({
    name: 'a',
    sdl: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@listSize"])
      type Query { hello: String  many(first: Int): [Thing] @listSize(slicingArguments: ["first"]) }
      type Mutation { hello: String }
      type Thing { hello: String }`,
    resolvers: { Query: { hello: () => 'you' } },
  });
  gateway = await startTestGateway({
    ...{ subgraphs: [subgraph], operations },
    config: { dev: true, limits: { maxSelections: 3, maxCost: 100 } },
  });
});

afterAll(async () => {
  await gateway?.close();
  await subgraph?.close();
});

test('a registered operation that cannot be served is named in the log with the reason', () => {
  const misfits = gateway.log().filter(({ msg }) => msg === 'a registered operation does not fit the schema');
  expect(misfits.map(({ operation, reason }) => ({ operation, reason }))).toEqual([
    {
      operation: 'TooLarge',
      reason: 'The operation selects 4 fields, fragments written out; 3 are allowed.',
    },
    { operation: 'Unknown', reason: 'Cannot query field "nothing" on type "Query".' },
    { operation: 'Renamed', reason: 'The document has no operation of this name.' },
    { operation: 'Disguised', reason: 'It is registered as a query, and is a mutation.' },
    {
      operation: 'Dear',
      reason: 'It costs 1000 with its default variables; one request may cost 100.',
    },
  ]);
});

test('and is refused when it is asked, the others are answered', async () => {
  const answers = await Promise.all(
    [operations.Fits, operations.TooLarge, operations.Unknown].map(async (body) => {
      const response = await fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ documentId: documentIdOf(body) }),
      });
      const { data, errors } = (await response.json()) as {
        data?: unknown;
        errors?: { extensions: { code: string } }[];
      };
      return { data, code: errors?.[0]?.extensions.code };
    }),
  );
  expect(answers).toEqual([
    { data: { hello: 'you' } },
    { code: 'LIMIT_EXCEEDED' },
    { code: 'GRAPHQL_VALIDATION_FAILED' },
  ]);
});

test('an operation that is registered later is ready before it is asked', async () => {
  const [body, misfit] = ['query Later { hello }', 'query Nothing { nothing }'];
  const [later, nothing] = [
    { id: documentIdOf(body), body, name: 'Later', type: 'query' } as const,
    { id: documentIdOf(misfit), body: misfit, name: 'Nothing', type: 'query' } as const,
  ];
  expect(await gateway.replaceSafelist(createSafelist([later, nothing]))).toBe(1);
  expect(gateway.log().at(-1)).toMatchObject({ operation: 'Nothing' });
});
