import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { request } from 'undici';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { documentIdOf } from '../../../gateway/persisted/safelist.ts';
import { writeManifest } from '../../support/manifest-file.ts';
import { startTestGateway, type TestGateway } from '../../support/test-gateway.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/test-subgraph.ts';

const product = 'query Product { product { name price } }';
const long = 'query Long { long }';
const forTill = 'query Till { product { name } }';
const kept = 'query Kept { product { price } }';
const longText = '商'.repeat(400);

let subgraphs: TestSubgraph[];
let gateway: TestGateway;

beforeAll(async () => {
  subgraphs = await Promise.all([
    startTestSubgraph({
      name: 'names',
      sdl: 'type Query { product: Product  long: String } type Product @key(fields: "id") { id: ID!  name: String }'.replace(
        /^/,
        'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"]) ',
      ),
      resolvers: { Query: { product: () => ({ id: 1, name: 'Tea' }), long: () => longText } },
    }),
    startTestSubgraph({
      name: 'prices',
      sdl: 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"]) type Product @key(fields: "id") { id: ID!  price: Int }',
      resolvers: { Product: { __resolveReference: () => ({ id: 1, price: 9 }) } },
    }),
  ]);
  gateway = await startTestGateway({
    subgraphs,
    operations: { Product: product, Long: long },
    config: {
      dev: true,
      manifests: [
        writeManifest({ Till: forTill }, { clientName: 'till' }),
        writeManifest({ Kept: kept }, { maxAgeSeconds: 60 }),
      ],
    },
  });
});

beforeEach(() => {
  for (const subgraph of subgraphs) subgraph.cacheControl(undefined);
});

afterAll(async () => {
  await gateway?.close();
  await Promise.all((subgraphs ?? []).map((subgraph) => subgraph.close()));
});

async function get(document: string, headers: Record<string, string> = {}) {
  const answer = await request(`${gateway.url}/graphql?documentId=${documentIdOf(document)}`, { headers });
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: Buffer.from(await answer.body.arrayBuffer()),
  };
}

function say(names: string | undefined, prices: string | undefined): void {
  subgraphs[0]?.cacheControl(names);
  subgraphs[1]?.cacheControl(prices);
}

test('an answer by GET keeps for the shortest time that its subgraphs say', async () => {
  say('public, max-age=60', 'max-age=30');
  const { status, headers, body } = await get(product);
  expect({
    status,
    body: JSON.parse(`${body}`),
    cacheControl: headers['cache-control'],
    vary: headers.vary,
  }).toEqual({
    status: 200,
    body: { data: { product: { name: 'Tea', price: 9 } } },
    cacheControl: 'public, max-age=30',
    vary: 'accept, authorization',
  });
});

test('an answer to an operation of one client depends on what the client says of itself too', async () => {
  expect((await get(forTill, { 'minigate-client-name': 'till' })).headers.vary).toBe(
    'accept, authorization, minigate-client-name, minigate-client-version, apollographql-client-name, apollographql-client-version',
  );
});

test('an answer with an error is kept by nobody', async () => {
  say('public, max-age=60', 'max-age=30');
  subgraphs[1]?.misbehave((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'max-age=60' });
    response.end('{"data":{"_entities":[null]},"errors":[{"message":"no price"}]}');
  });
  const { headers, body } = await get(product);
  subgraphs[1]?.misbehave(undefined);
  expect({ cacheControl: headers['cache-control'], etag: headers.etag }).toEqual({
    cacheControl: 'no-store',
  });
  expect(JSON.parse(`${body}`).errors).toHaveLength(1);
});

test('the device may keep what the registered operation allows, though the subgraphs say nothing', async () => {
  expect((await get(kept)).headers['cache-control']).toBe('private, max-age=60');
});

test('an answer by POST is kept by nobody', async () => {
  say('public, max-age=60', 'max-age=30');
  const answer = await request(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ documentId: documentIdOf(product) }),
  });
  await answer.body.dump();
  expect({ cacheControl: answer.headers['cache-control'], etag: answer.headers.etag }).toEqual({
    cacheControl: 'no-store',
  });
});

test('a client that has the answer is told so, and told for how long it may keep it on', async () => {
  say('max-age=60', 'max-age=60');
  const first = await get(product);
  const again = await get(product, { 'if-none-match': `"other", W/${first.headers.etag}` });
  expect(first.headers.etag).toMatch(/^"[\w-]{27}"$/);
  expect({ status: again.status, body: `${again.body}`, etag: again.headers.etag }).toEqual({
    status: 304,
    body: '',
    etag: first.headers.etag,
  });
  expect(again.headers['cache-control']).toBe('public, max-age=60');
  expect(again.headers.vary).toBe('accept, authorization');
});

test('a client that has another answer gets the new one', async () => {
  say('max-age=60', 'max-age=60');
  expect((await get(product, { 'if-none-match': '"other"' })).status).toBe(200);
});

test.each([
  ['br', 'br', brotliDecompressSync],
  ['gzip', 'gzip', gunzipSync],
] as const)(
  'a long answer is compressed as %s, with a tag of its own',
  async (accepted, encoding, decompress) => {
    say('max-age=60', undefined);
    const plain = await get(long);
    const compressed = await get(long, { 'accept-encoding': accepted });
    expect(`${decompress(compressed.body)}`).toBe(`${plain.body}`);
    expect({
      encoding: compressed.headers['content-encoding'],
      vary: compressed.headers.vary,
      length: compressed.headers['content-length'],
      etag: compressed.headers.etag,
    }).toEqual({
      encoding,
      vary: 'accept, authorization, accept-encoding',
      length: `${compressed.body.length}`,
      etag: `${plain.headers.etag}`.replace(/"$/, `-${encoding}"`),
    });
    expect(plain.headers.vary).toBe('accept, authorization, accept-encoding');
    expect(compressed.body.length).toBeLessThan(plain.body.length / 4);
  },
);

test('a long answer by POST is compressed too; a short one is not', async () => {
  const encodings = await Promise.all(
    [long, product].map(async (document) => {
      const answer = await request(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'accept-encoding': 'gzip' },
        body: JSON.stringify({ documentId: documentIdOf(document) }),
      });
      await answer.body.dump();
      return answer.headers['content-encoding'];
    }),
  );
  expect(encodings).toEqual(['gzip', undefined]);
});
