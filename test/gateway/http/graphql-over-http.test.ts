/** The audits of the GraphQL-over-HTTP specification, as the package graphql-http states them. */
import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/test-subgraph.ts';

let subgraph: TestSubgraph;
let dev: TestGateway;
let closed: TestGateway;

beforeAll(async () => {
  subgraph = await startTestSubgraph({ name: 'a', sdl: 'type Query { hello: String }', resolvers: {} });
  const policy = new URL('../../support/open-policy.ts', import.meta.url).pathname;
  dev = await startTestGateway({ subgraphs: [subgraph], config: { dev: true, policy } });
  // The audits send documents that nobody has registered.
  closed = await startTestGateway({
    subgraphs: [subgraph],
    config: { dev: false, policy, persisted: { policy: 'measure' } },
  });
});
afterAll(async () => {
  await Promise.all([dev, closed].map((gateway) => gateway?.close()));
  await subgraph?.close();
});

const found = (finding: string): unknown => expect.stringContaining(finding);

/** A GET with a text needs a header that a foreign page cannot make a browser send. */
const byGet = {
  '5A70': found('MAY accept application/x-www-form-urlencoded formatted GET requests'),
  D6D5: found('MAY allow URL-encoded JSON string {variables} parameter in GETs'),
  '6A70': found('MAY allow URL-encoded JSON string {variables} parameter in GETs'),
};

/** A client that reads the status learns from it that the request was at fault; wx.request hands it over like any other. */
const legacyStatus = {
  '572B': found('SHOULD use 200 status code on document parsing failure'),
  FDE2: found('SHOULD use 200 status code on document validation failure'),
  '7B9B': found('SHOULD use a status code of 200 on variable coercion failure'),
};

/** These ask for `__type`, which is told to nobody here; they find nothing where introspection is open. */
const introspection = {
  BF61: found('MUST accept utf-8 encoded request'),
  '2EA1': found('SHOULD allow map {variables} parameter'),
  '28B9': found('MUST allow map {variables} parameter'),
};

/** Of those that the gateway does not pass, by id. */
async function findings(gateway: TestGateway): Promise<Record<string, string>> {
  const audits = serverAudits({ url: `${gateway.url}/graphql`, fetchFn: fetch });
  expect(audits).toHaveLength(61);
  const found: Record<string, string> = {};
  for (const audit of audits) {
    const result = await audit.fn();
    if (result.status !== 'ok') found[audit.id] = `${result.status}: ${audit.name}: ${result.reason}`;
  }
  return found;
}

describe('GraphQL over HTTP', () => {
  test('with --dev all 61 audits pass', async () => {
    expect(await findings(dev)).toEqual({});
  });

  test('without it nine do not, by our choice', async () => {
    expect(await findings(closed)).toEqual({ ...byGet, ...legacyStatus, ...introspection });
  });
});
