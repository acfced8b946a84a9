import { afterAll, beforeAll, expect, test } from 'vitest';
import { documentIdOf } from '../../../gateway/persisted/safelist.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/test-subgraph.ts';

const registered = 'query Hello { hello }';
const strange = 'query Strange { hello }';

let subgraph: TestSubgraph;
let gateway: TestGateway;

beforeAll(async () => {
  subgraph = await startTestSubgraph({
    name: 'a',
    sdl: 'type Query { hello: String }',
    resolvers: { Query: { hello: () => 'you' } },
  });
  gateway = await startTestGateway({
    subgraphs: [subgraph],
    operations: { Hello: registered },
    config: {
      policy: new URL('../../support/open-policy.ts', import.meta.url).pathname,
      persisted: { policy: 'enforce', clients: { old: 'measure', older: 'warn' } },
    },
  });
});

afterAll(async () => {
  await gateway?.close();
  await subgraph?.close();
});

async function ask(client: string | undefined, body: object) {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(client && { 'minigate-client-name': client }) },
    body: JSON.stringify(body),
  });
  const { data, errors } = (await response.json()) as {
    data?: unknown;
    errors?: { extensions: { code: string } }[];
  };
  return { data, code: errors?.[0]?.extensions.code, warning: response.headers.get('minigate-warning') };
}

async function counted(): Promise<Record<string, number>> {
  const text = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
  const samples = text.matchAll(
    /^minigate_unregistered_operations_total\{client="(.*)",registered="(.*)"\} (\d+)$/gm,
  );
  return Object.fromEntries(
    [...samples].map(([, client, known, count]) => [`${client} ${known}`, Number(count)]),
  );
}

const ran = { data: { hello: 'you' }, code: undefined, warning: null };
const refused = { data: undefined, code: 'OPERATION_NOT_SAFELISTED', warning: null };

test('a client without a policy of its own, or a name, is held to the general one', async () => {
  expect([await ask(undefined, { query: strange }), await ask('shop', { query: strange })]).toEqual([
    refused,
    refused,
  ]);
  expect([await ask('__proto__', { query: strange }), await ask('shop', { query: registered })]).toEqual([
    refused,
    refused,
  ]);
  expect(await counted()).toEqual({});
});

test('a measured client runs any text, and is counted', async () => {
  expect([await ask('old', { query: strange }), await ask('old', { query: registered })]).toEqual([ran, ran]);
  expect(await counted()).toEqual({ 'old false': 1, 'old true': 1 });
});

test('a measured client that sends the id, with its text or without, is not', async () => {
  const before = await counted();
  const documentId = documentIdOf(registered);
  expect([await ask('old', { documentId }), await ask('old', { documentId, query: registered })]).toEqual([
    ran,
    ran,
  ]);
  expect(await counted()).toEqual(before);
});

test('a text of another document than its id is refused for a measured client too', async () => {
  expect(await ask('old', { documentId: documentIdOf(registered), query: strange })).toEqual({
    ...refused,
    code: 'BAD_REQUEST',
  });
});

test('a warned client is told with each answer, and the log once for each document', async () => {
  const answers = [];
  for (const query of [strange, strange, registered]) answers.push(await ask('older', { query }));
  expect(answers).toEqual(Array(3).fill({ ...ran, warning: 'OPERATION_NOT_SAFELISTED' }));
  expect(await counted()).toMatchObject({ 'older false': 2, 'older true': 1 });
  const warnings = gateway.log().filter(({ msg }) => `${msg}`.startsWith('a document came as text'));
  expect(warnings.map(({ client, documentId, registered }) => ({ client, documentId, registered }))).toEqual([
    { client: { name: 'older' }, documentId: documentIdOf(strange), registered: false },
    { client: { name: 'older' }, documentId: documentIdOf(registered), registered: true },
  ]);
});

test('the line of each operation in the log says which client asked', async () => {
  await ask('old', { query: strange });
  const line = { client: { name: 'old' }, registered: false, operationName: 'Strange' };
  await expect
    .poll(() => gateway.log().filter(({ msg }) => msg === 'operation'))
    .toContainEqual(expect.objectContaining(line));
});
