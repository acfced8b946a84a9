import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configJsonSchema, loadConfig, parseConfig } from '../../gateway/config.ts';
import { describeSettings, listSettings } from '../../gateway/read-settings.ts';

test('flags win over the environment, and the environment over the file', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'minigate-config-')), 'minigate.yaml');
  writeFileSync(file, 'supergraph: from-file.graphql\nport: 1111\nlimits: { maxCost: 7, maxDepth: 3 }\n');
  const config = await loadConfig(['--config', file, '--port', '3333', '--dev'], {
    MINIGATE_PORT: '2222',
    MINIGATE_LIMITS_MAX_COST: '9',
    MINIGATE_WECHAT_APPS: '{"wx1":"secret"}',
    MINIGATE_INTERNAL_KEY: 'k'.repeat(32),
  });
  expect({
    supergraph: config.supergraph,
    port: config.port,
    maxCost: config.limits.maxCost,
    maxDepth: config.limits.maxDepth,
    apps: config.wechat.apps,
    dev: config.dev,
  }).toEqual({
    supergraph: 'from-file.graphql',
    port: 3333,
    maxCost: 9,
    maxDepth: 3,
    apps: { wx1: 'secret' },
    dev: true,
  });
});

test('REDIS_URL names the Redis unless a setting does', async () => {
  const redisOf = async (env: NodeJS.ProcessEnv) =>
    (await loadConfig(['--supergraph', 's', '--dev'], { REDIS_URL: 'redis://usual:6379', ...env })).redis.url;
  expect([await redisOf({}), await redisOf({ MINIGATE_REDIS_URL: 'redis://own:6379' })]).toEqual([
    'redis://usual:6379',
    'redis://own:6379',
  ]);
});

test('every problem is named at once, with its path', () => {
  expect(() =>
    parseConfig({ port: 'many', limits: { maxCost: 0 }, colour: 'red', internalKey: 'short' }),
  ).toThrowError(
    expect.objectContaining({
      name: 'StartupError',
      message: [
        'The settings have problems; `npm run gateway -- --help` lists them all.',
        '  port: Invalid input: expected number, received string',
        '  internalKey: Too small: expected string to have >=32 characters',
        '  limits.maxCost: Too small: expected number to be >0',
        '  settings: Unrecognized key: "colour"',
        '  supergraph: needed, or in its place --registry, or with --dev --subgraph; only one of them',
        '  policy: needed without --dev: everything is closed',
      ].join('\n'),
    }),
  );
});

test('without --dev a gateway that logs people in needs a policy, a key for its tokens and one for the subgraphs', () => {
  const problems = [
    '  policy: needed without --dev: everything is closed',
    '  internalKey: needed to register WeChat logins with the user subgraph',
    '  session.signingKeyFiles: needed without --dev: make one by `openssl genpkey -algorithm ed25519`',
  ];
  expect(() => parseConfig({ supergraph: 's.graphql', wechat: { apps: { wx1: 's' } } })).toThrowError(
    problems.join('\n'),
  );
});

test('a flag or variable that is no setting is refused by name', async () => {
  await expect(loadConfig(['--colour', 'red'], {})).rejects.toThrowError("Unknown option '--colour'");
  await expect(loadConfig([], { MINIGATE_PROT: '1' })).rejects.toThrowError(
    'No setting is called MINIGATE_PROT.',
  );
});

test('a value that is no number is named, not taken for zero', async () => {
  await expect(loadConfig(['--supergraph', 's', '--dev', '--port', 'x'], {})).rejects.toThrowError(
    'port: Invalid input',
  );
});

test('every setting has a flag, a variable and a description in the help', () => {
  const settings = listSettings(configJsonSchema);
  expect(settings.filter(({ description }) => description === '')).toEqual([]);
  expect(settings.find(({ flag }) => flag === 'limits-max-cost')).toEqual({
    path: ['limits', 'maxCost'],
    flag: 'limits-max-cost',
    env: 'MINIGATE_LIMITS_MAX_COST',
    type: 'integer',
    description: 'Highest estimated cost of one request.',
    fallback: 2000,
  });
  expect(describeSettings(configJsonSchema)).toContain('--limits-max-cost <integer>');
});

test('a manifest is a file, or a file and whose operations it holds; a version is one of a client', () => {
  const manifests = ['a.json', { file: 'b.json', client: 'shop', version: '2.0.0', appId: 'wx1' }];
  expect(parseConfig({ dev: true, supergraph: 's.graphql', manifests }).manifests).toEqual(manifests);
  expect(() =>
    parseConfig({ dev: true, supergraph: 's.graphql', manifests: [{ file: 'b.json', version: '2.0.0' }] }),
  ).toThrowError('manifests.0.version: needs the client it is of');
});

test('automatic persisted queries stand beside measured and warned clients, and beside none that is enforced', () => {
  const settings = { supergraph: 's.graphql', policy: 'policy.ts' };
  const parse =
    (persisted: object, dev = false) =>
    () =>
      parseConfig({ ...settings, dev, persisted });
  const problem = 'persisted.automatic: cannot be on while a policy is enforce';
  expect(parse({ automatic: true })).toThrowError(problem);
  expect(parse({ automatic: true, policy: 'warn', clients: { till: 'enforce' } })).toThrowError(problem);
  expect(parse({ automatic: true, policy: 'warn', clients: { till: 'measure' } })).not.toThrow();
  expect(parse({ automatic: true }, true)).not.toThrow();
});

test('what is no document id cannot be retired by mistake', () => {
  expect(() =>
    parseConfig({ dev: true, supergraph: 's.graphql', persisted: { retired: ['0'.repeat(64)] } }),
  ).toThrowError('persisted.retired.0: a document id is sha256: and 64 hexadecimal digits');
});

test.each([
  [
    'keys without an audience',
    { keys: [{ id: 'k1', secret: 's'.repeat(32) }] },
    'signing.audience: needed beside',
  ],
  ['signatures required without a key', { requiredPaths: ['/graphql'] }, 'signing.keys: needed where'],
  ['clients that must sign without a key', { requiredClients: ['shop'] }, 'signing.keys: needed where'],
  [
    'a login that must be signed',
    { requiredPaths: ['/auth/wechat/login'] },
    'there is no key before the login',
  ],
  [
    'one id for two keys',
    { audience: 'a', keys: ['a', 'b'].map((letter) => ({ id: 'k1', secret: letter.repeat(32) })) },
    'signing.keys: have the same id twice',
  ],
])('signed requests cannot be set up with %s', (_what, signing, problem) => {
  expect(() => parseConfig({ dev: true, supergraph: 'a', signing })).toThrow(problem);
});
