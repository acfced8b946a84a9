import { afterAll, beforeAll, expect, test } from 'vitest';
import { documentIdOf } from '../../gateway/persisted/safelist.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { startTestSubgraph, type TestSubgraph } from '../support/test-subgraph.ts';

const operations = {
  Fits: 'query Fits { hello }',
  TooLarge: 'query TooLarge { hello again: hello hello hello }',
  Unknown: 'query Unknown { nothing }',
};

let subgraph: TestSubgraph;
let gateway: TestGateway;

beforeAll(async () => {
  subgraph = await startTestSubgraph({
    name: 'a',
    sdl: 'type Query { hello: String }',
    resolvers: { Query: { hello: () => 'you' } },
  });
  gateway = await startTestGateway({
    ...{ subgraphs: [subgraph], operations },
    config: { dev: true, limits: { maxSelections: 3 } },
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
  ]);
});

test('and is refused when it is asked, the others are answered', async () => {
  const answers = await Promise.all(
    Object.values(operations).map(async (body) => {
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
