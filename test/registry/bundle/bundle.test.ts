import { generateKeyPairSync, hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { documentIdOf } from '../../../gateway/persisted/safelist.ts';
import { buildBundle } from '../../../registry/bundle/build-bundle.ts';
import { keyIdOf, readPublicKeys, toPublicKeyText } from '../../../registry/bundle/bundle-keys.ts';
import { BundleError, openBundle } from '../../../registry/bundle/open-bundle.ts';
import { signPayload } from '../../../registry/bundle/write-bundle.ts';
import { composeSubgraphs } from '../../../registry/compose.ts';

const { supergraphSdl, apiSchemaSdl } = composeSubgraphs([
  { name: 'hello', routingUrl: 'http://127.0.0.1:9/graphql', sdl: 'type Query { hello: String }' },
]);
const operation = (name: string, body: string) => ({
  id: documentIdOf(body),
  body,
  name,
  type: 'query' as const,
});
const hello = operation('Hello', 'query Hello { hello }');
const goodbye = operation('Goodbye', 'query Goodbye { goodbye }');
const retired = operation('Retired', 'query Retired { hello }');
const { privateKey: signingKey } = generateKeyPairSync('ed25519');
const publicKeys = readPublicKeys([toPublicKeyText(signingKey)]);

const manifests = [
  { client: 'shop', version: '1.0.0', operations: [hello, goodbye, retired] },
  { client: 'shop', version: '1.1.0', operations: [hello] },
];
const limits = { maxCost: 500, rates: { principal: { requests: 60, seconds: 60 } } };
const bans = [{ address: '203.0.113.0/24', reason: 'scraping', endsAt: '2026-12-01T00:00:00Z' }];
const bytes = await buildBundle(
  {
    ...{
      environment: 'release',
      sequence: 7,
      createdAt: '1970-01-01T00:00:00.000Z',
      supergraphSdl,
      manifests,
    },
    retired: [retired.id],
    access: { permissions: { greet: ['Query.hello'] } },
    ...{ limits, bans },
  },
  signingKey,
);

test('holds what was put in, and plan and analysis of each operation that the supergraph answers', async () => {
  expect(await openBundle(bytes, publicKeys)).toEqual({
    ...{ format: 1, environment: 'release', sequence: 7, createdAt: '1970-01-01T00:00:00.000Z' },
    ...{ schemaVersion: hash('sha256', supergraphSdl).slice(0, 12), supergraphSdl, manifests },
    retired: [retired.id],
    access: { permissions: { greet: ['Query.hello'] } },
    ...{ limits, bans },
    prepared: {
      planFormat: 1,
      apiSchemaSdl,
      analyses: { format: 1, defaultListSize: 10 },
      plans: [
        {
          document: hash('sha256', hello.body),
          asked: hash('sha256', hello.body),
          operationName: 'Hello',
          plan: {
            kind: 'QueryPlan',
            node: expect.objectContaining({ kind: 'Fetch', serviceName: 'hello' }),
          },
          analysis: expect.stringContaining('"types":["Query"]'),
        },
      ],
    },
  });
});

const refusalOf = (given: Buffer, keys = publicKeys): Promise<string> =>
  openBundle(given, keys).then(
    () => 'opened',
    (error: unknown) => (error instanceof BundleError ? error.code : `${error}`),
  );

test('P-12 is opened by no key but the one that signed it', async () => {
  const other = generateKeyPairSync('ed25519').privateKey;
  expect(await refusalOf(bytes, readPublicKeys([toPublicKeyText(other)]))).toBe('BUNDLE_UNKNOWN_KEY');
  const underAnothersName = new Map([
    [keyIdOf(signingKey), [...readPublicKeys([toPublicKeyText(other)]).values()][0]],
  ]);
  expect(await refusalOf(bytes, underAnothersName as typeof publicKeys)).toBe('BUNDLE_BAD_SIGNATURE');
});

test('P-12 is refused with any one byte of it changed', async () => {
  for (const at of [0, 20, 120, bytes.indexOf('\n') + 1, bytes.length >> 1, bytes.length - 1]) {
    const altered = Buffer.from(bytes);
    altered[at] = (altered[at] ?? 0) ^ 1;
    expect(await refusalOf(altered), `byte ${at}`).not.toBe('opened');
  }
});

test.each([
  ['nothing', Buffer.alloc(0), 'BUNDLE_UNREADABLE'],
  ['no line end', Buffer.from('{}'), 'BUNDLE_UNREADABLE'],
  ['a page of a proxy', Buffer.from('<html>\n<body>502</body></html>'), 'BUNDLE_UNREADABLE'],
  ['a half', bytes.subarray(0, bytes.length >> 1), 'BUNDLE_BAD_SIGNATURE'],
  ['more after it', Buffer.concat([bytes, Buffer.from(' ')]), 'BUNDLE_BAD_SIGNATURE'],
  ['signed text that is no JSON', signPayload(Buffer.from('hello'), signingKey), 'BUNDLE_UNREADABLE'],
  [
    'signed JSON that is no bundle',
    signPayload(Buffer.from('{"format":1}'), signingKey),
    'BUNDLE_UNREADABLE',
  ],
])('%s is no bundle', async (_, given, code) => {
  expect(await refusalOf(given)).toBe(code);
});

test('a public key may be PEM, or its base64 on one line', () => {
  const { publicKey } = generateKeyPairSync('ed25519');
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  expect([...readPublicKeys([pem]).keys()]).toEqual([...readPublicKeys([toPublicKeyText(publicKey)]).keys()]);
});

test('a key of another kind is refused', () => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  expect(() => readPublicKeys([toPublicKeyText(publicKey)])).toThrow(
    'signed by Ed25519, and this key is of ec',
  );
});

test.each([
  ['access', { bans: ['u1'] }],
  ['access', { limits: { maxCost: 1 } }],
  ['access', { roles: { USER: { level: 1, denied: ['greet'] } } }],
  ['limits', { maxPrice: 1 }],
  ['limits', { maxCost: 0 }],
  ['limits', { rates: { address: { requests: 1, seconds: 1 } } }],
  ['limits', { rates: { operations: { Hello: { requests: 1, seconds: 1, of: 'some' } } } }],
  ['bans', [{ address: '203.0.113.0/33' }]],
  ['bans', [{ userId: 'u1', appId: 'wx1' }]],
  ['bans', [{ userId: 'u1', until: '2026-12-01T00:00:00Z' }]],
  ['bans', [{ userId: 'u1', endsAt: 'tomorrow' }]],
  ['bans', { u1: 'fraud' }],
  ['quotas', {}],
])(
  'with %s of a shape that is not known here it is refused, and not obeyed in part: %j',
  async (key, value) => {
    const [, bundle = '', ...plans] = bytes.toString().split('\n');
    const lines = [JSON.stringify({ ...JSON.parse(bundle), [key]: value }), ...plans];
    expect(await refusalOf(signPayload(Buffer.from(lines.join('\n')), signingKey))).toBe('BUNDLE_UNREADABLE');
  },
);
