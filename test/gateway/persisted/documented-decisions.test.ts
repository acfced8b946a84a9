/** Holds the table of docs/persisted-operations.md against gateways: each line of it is tried. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { documentIdOf } from '../../../gateway/persisted/safelist.ts';
import { writeManifest } from '../../support/manifest-file.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/test-subgraph.ts';

const text = {
  known: 'query Known { hello } query Other { hello }',
  till: 'query Till { hello }',
  next: 'query Next { hello }',
  old: 'query Old { hello }',
  change: 'mutation Change { change }',
  strange: 'query Strange { hello }',
};
const id = (name: keyof typeof text): string => documentIdOf(text[name]);
const hash = (name: keyof typeof text) => ({
  persistedQuery: { version: 1, sha256Hash: id(name).slice('sha256:'.length) },
});

/** What is sent in each line; a GET where it is `get`. */
const requests: Record<string, { post?: object; get?: Record<string, string>; named?: boolean }> = {
  id: { post: { documentId: id('known') } },
  'id that nobody registered': { post: { documentId: id('strange') } },
  'id that another client registered': { post: { documentId: id('till') } },
  'id that another version of the client registered': { post: { documentId: id('next') } },
  'id that is retired': { post: { documentId: id('old') } },
  'id and the name of another operation of its document': {
    post: { documentId: id('known'), operationName: 'Other' },
  },
  'id and the hash of another document': { post: { documentId: id('known'), extensions: hash('till') } },
  text: { post: { query: text.strange } },
  'text of a retired operation': { post: { query: text.old } },
  'text and its id': { post: { documentId: id('strange'), query: text.strange } },
  'text and its hash': { post: { extensions: hash('strange'), query: text.strange } },
  'text and the id of another document': { post: { documentId: id('known'), query: text.strange } },
  'id of a mutation, by GET': { get: { documentId: id('change') } },
  'id, by GET without any header': { get: { documentId: id('known') }, named: false },
  'text, by GET without any header': { get: { query: text.strange }, named: false },
  'text, by GET with the name of the client': { get: { query: text.strange } },
};

let subgraph: TestSubgraph;
const gateways: Record<string, TestGateway> = {};

beforeAll(async () => {
  subgraph = await startTestSubgraph({
    name: 'a',
    sdl: 'type Query { hello: String } type Mutation { change: String }',
    resolvers: { Query: { hello: () => 'you' } },
  });
  for (const policy of ['enforce', 'warn', 'measure', 'dev'] as const) {
    gateways[policy] = await startTestGateway({
      subgraphs: [subgraph],
      operations: { Known: text.known, Old: text.old, Change: text.change },
      config: {
        dev: policy === 'dev',
        policy: new URL('../../support/open-policy.ts', import.meta.url).pathname,
        manifests: [
          writeManifest({ Till: text.till }, { clientName: 'till' }),
          { file: writeManifest({ Next: text.next }), client: 'shop', version: '2.0.0' },
        ],
        persisted: { retired: [id('old')], ...(policy !== 'dev' && { policy }) },
      },
    });
  }
});

afterAll(async () => {
  await Promise.all(Object.values(gateways).map((gateway) => gateway.close()));
  await subgraph?.close();
});

const rows = readFileSync('docs/persisted-operations.md', 'utf8')
  .split('\n')
  .map((line) => line.slice(2, -2).split(' | '))
  .filter((cells) => cells.length === 4 && /^[2-5]\d\d\b/.test(cells[1] ?? ''));

test('the table has a line for each request that is tried here', () => {
  expect(rows.map(([what]) => what)).toEqual(Object.keys(requests));
});

test.each(rows)(
  '%s: %s when enforced, %s when warned or measured, %s with --dev',
  async (what, ...expected) => {
    const [enforce, watched, dev] = expected;
    const answers = Object.fromEntries(
      await Promise.all(Object.keys(gateways).map(async (policy) => [policy, await ask(policy, what ?? '')])),
    );
    expect(answers).toEqual({ enforce, warn: watched, measure: watched, dev });
  },
);

async function ask(policy: string, what: string): Promise<string> {
  const { post, get, named = true } = requests[what] ?? {};
  const name = { 'minigate-client-name': 'shop', 'minigate-client-version': '1.0.0' };
  const response = await fetch(
    `${gateways[policy]?.url}/graphql${get ? `?${new URLSearchParams(get)}` : ''}`,
    {
      method: post ? 'POST' : 'GET',
      headers: { ...(post && { 'content-type': 'application/json' }), ...(named && name) },
      ...(post && { body: JSON.stringify(post) }),
    },
  );
  const { errors } = (await response.json()) as { errors?: { extensions: { code: string } }[] };
  const code = errors?.[0]?.extensions.code;
  return [response.status, ...(code ? [code] : [])].join(' ');
}
