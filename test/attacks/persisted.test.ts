/** Attacks on a gateway that serves registered operations alone. */
import { expect, test } from 'vitest';
import { createSafelist, documentIdOf } from '../../gateway/persisted/safelist.ts';
import { createAttack } from '../support/attack.ts';
import {
  type Answer,
  type AttackWorld,
  appId,
  otherAppId,
  startAttackWorld,
} from '../support/attack-world.ts';
import { writeManifest } from '../support/manifest-file.ts';
import { startProgram } from '../support/run-program.ts';

const operations = {
  Docs: 'query Docs { docs { id title } }',
  Users: 'query Users($first: Int!) { users(first: $first) { id } }',
  Touch: 'mutation Touch { touch }',
  Variant:
    'query Variant($id: Boolean!, $noTitle: Boolean!) { docs { id @include(if: $id) title @skip(if: $noTitle) } }',
  Two: 'query Two { docs { id } } mutation Other { touch }',
  // A manifest that lies: whoever wrote it calls a mutation a query.
  Disguised: '  # a query\n mutation Disguised { touch }',
};
const ofTill = { Till: 'query Till { docs { title } }' };
const ofNextVersion = { Next: 'query Next { docs { id } }' };
const ofOneApp = { App: 'query App { media { __typename } }' };
const retired = { Old: 'query Old { item { id } }' };

const attack = createAttack({
  dev: false,
  operations,
  config: {
    manifests: [
      writeManifest(ofTill, { clientName: 'till' }),
      writeManifest(retired),
      { file: writeManifest(ofNextVersion), client: 'shop', version: '2.0.0' },
      { file: writeManifest(ofOneApp), client: 'shop', appId },
    ],
    persisted: { retired: [documentIdOf(retired.Old)] },
  },
});

const idOf = (name: keyof typeof operations): string => documentIdOf(operations[name]);
const inExtensions = (id: string) => ({
  persistedQuery: { version: 1, sha256Hash: id.slice('sha256:'.length) },
});
const get = (params: Readonly<Record<string, string | object>>) => {
  const pairs = Object.entries(params).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return { method: 'GET', path: `/graphql?${new URLSearchParams(Object.fromEntries(pairs))}` };
};
const as = (name: string, version = '1.0.0') => ({
  'minigate-client-name': name,
  'minigate-client-version': version,
});

const closed = { status: 403, code: 'OPERATION_NOT_SAFELISTED', fetches: 0 };
const contradictory = { status: 400, code: 'BAD_REQUEST', fetches: 0 };
const unknown = { status: 404, code: 'PERSISTED_QUERY_NOT_FOUND', fetches: 0 };
const wrongMethod = { status: 405, code: 'METHOD_NOT_ALLOWED', fetches: 0 };
const docs = { status: 200, fetches: 1, data: { docs: [{ id: 'd1', title: 'One' }] } };

for (const [what, documentId] of [
  ['nobody registered', `sha256:${'0'.repeat(64)}`],
  ['is a registered one without its prefix', idOf('Docs').slice('sha256:'.length)],
  ['is a registered one in upper case', idOf('Docs').toUpperCase()],
  ['is a registered one and a space', `${idOf('Docs')} `],
  ['is called __proto__', '__proto__'],
] as const) {
  attack('Q-01', `an id that ${what} is unknown`, { send: { body: { documentId } }, expect: unknown });
  attack('Q-01', `an id that ${what} is unknown by GET`, { send: get({ documentId }), expect: unknown });
}

attack('Q-01', 'a text that nobody registered is not served', {
  send: { body: { query: '{ docs { id } }' } },
  expect: closed,
});

attack('Q-01', 'a text that somebody registered is not served either: only its id is', {
  send: { body: { query: operations.Docs } },
  expect: closed,
});

attack('Q-01', 'a text by GET is not served', {
  send: { ...get({ query: operations.Docs }), headers: as('shop') },
  expect: closed,
});

for (const [way, send] of [
  ['documentId', { body: { documentId: idOf('Docs') } }],
  ['the extensions of Apollo clients', { body: { extensions: inExtensions(idOf('Docs')) } }],
  ['both, which agree', { body: { documentId: idOf('Docs'), extensions: inExtensions(idOf('Docs')) } }],
  ['documentId in the address', get({ documentId: idOf('Docs') })],
  ['extensions in the address', get({ extensions: inExtensions(idOf('Docs')) })],
] as const) {
  attack('Q-01', `a registered operation runs by ${way}`, { send, expect: docs });
}

for (const [what, send] of [
  ['documentId', { body: { documentId: idOf('Docs'), query: operations.Touch } }],
  ['hash', { body: { extensions: inExtensions(idOf('Docs')), query: operations.Touch } }],
  ['documentId, by GET', get({ documentId: idOf('Docs'), query: '{ docs { id } }' })],
] as const) {
  attack('Q-02', `a text of another document than its ${what} runs neither`, {
    as: 'user',
    send,
    expect: contradictory,
  });
}

attack('Q-04', 'free text beside a valid id is not run', {
  as: 'admin',
  send: { body: { documentId: idOf('Docs'), query: 'mutation { wipe }' } },
  expect: contradictory,
});

attack('Q-04', 'free text beside a valid id in the address is not run', {
  as: 'admin',
  send: { path: `/graphql?documentId=${idOf('Docs')}`, body: { query: 'mutation { wipe }' } },
  expect: contradictory,
});

attack('Q-04', 'a text that fits its id is not run where only ids are allowed', {
  send: { body: { documentId: idOf('Docs'), query: operations.Docs } },
  expect: contradictory,
});

attack('Q-05', 'the operation of a document that is not registered is not run by its name', {
  as: 'user',
  send: { body: { documentId: idOf('Two'), operationName: 'Other' } },
  expect: closed,
});

attack('Q-05', 'nor by GET', {
  as: 'user',
  send: get({ documentId: idOf('Two'), operationName: 'Other' }),
  expect: closed,
});

for (const operationName of ['Two', undefined, null, '']) {
  attack('Q-05', `the registered one is run when the name is ${JSON.stringify(operationName)}`, {
    as: 'user',
    send: { body: { documentId: idOf('Two'), operationName } },
    expect: { status: 200, fetches: 1, data: { docs: [{ id: 'd1' }] } },
  });
}

for (const [what, params] of [
  ['its id', { documentId: idOf('Touch') }],
  ['its id in extensions', { extensions: inExtensions(idOf('Touch')) }],
  ['the id of a manifest that calls it a query', { documentId: idOf('Disguised') }],
] as const) {
  attack('Q-06', `a mutation does not run by GET and ${what}`, {
    as: 'user',
    send: { ...get(params), headers: as('shop') },
    expect: wrongMethod,
    also: ({ headers }) => expect(headers.allow).toBe('POST'),
  });
}

attack('Q-06', 'nor is it asked first who sends it', {
  send: { ...get({ documentId: idOf('Touch') }), headers: { authorization: 'Bearer nonsense' } },
  expect: wrongMethod,
});

const unsupported = { status: 400, code: 'PERSISTED_QUERY_NOT_SUPPORTED', fetches: 0 };
const stranger = '{ docs { title } }';
const extensions = inExtensions(documentIdOf(stranger));
const registration = { body: { query: stranger, extensions } };

attack('Q-08', 'a document cannot be registered by sending it', { send: registration, expect: unsupported });

attack('Q-08', 'a document cannot be registered by GET', {
  send: { ...get({ query: stranger, extensions }), headers: as('shop') },
  expect: unsupported,
});

for (const [way, body] of [
  ['documentId', { documentId: documentIdOf(stranger) }],
  ['hash', { extensions }],
] as const) {
  attack('Q-08', `nothing was stored by trying: its ${way} is unknown`, {
    first: [registration],
    send: { body },
    expect: unknown,
  });
}

attack('Q-09', 'two ids that disagree in a body are refused', {
  send: { body: { documentId: idOf('Docs'), extensions: inExtensions(idOf('Two')) } },
  expect: contradictory,
});

attack('Q-09', 'two ids that disagree in an address are refused', {
  send: get({ documentId: idOf('Docs'), extensions: inExtensions(idOf('Two')) }),
  expect: contradictory,
});

attack('Q-09', 'an id in the address and another in the body are refused', {
  send: { path: `/graphql?documentId=${idOf('Docs')}`, body: { documentId: idOf('Two') } },
  expect: contradictory,
});

attack('Q-09', 'an id that stands twice in the address is refused', {
  send: { method: 'GET', path: `/graphql?documentId=${idOf('Docs')}&documentId=${idOf('Two')}` },
  expect: contradictory,
});

attack('Q-09', 'a path below the endpoint names nothing', {
  send: { path: `/graphql/${idOf('Docs')}`, body: { documentId: idOf('Two') } },
  expect: { status: 404, code: 'NOT_FOUND', fetches: 0 },
});

for (const [what, operation, headers] of [
  ['another client', ofTill.Till, as('shop')],
  ['a client that gives no name', ofTill.Till, {}],
  ['a client whose name is no name', ofTill.Till, as('till\u00e9')],
  ['the earlier version', ofNextVersion.Next, as('shop', '1.0.0')],
] as const) {
  attack('Q-10', `an operation of one client is not run for ${what}`, {
    send: { headers, body: { documentId: documentIdOf(operation) } },
    expect: closed,
  });
}

attack('Q-10', "an operation of one client does not run by GET with another's name", {
  send: { ...get({ documentId: documentIdOf(ofTill.Till) }), headers: as('shop') },
  expect: closed,
});

for (const headers of [
  as('till'),
  { 'apollographql-client-name': 'till', 'apollographql-client-version': '9' },
]) {
  attack('Q-10', `it is run for the client itself, which says so by ${Object.keys(headers)[0]}`, {
    send: { headers, body: { documentId: documentIdOf(ofTill.Till) } },
    expect: { status: 200, fetches: 1, data: { docs: [{ title: 'One' }] } },
  });
}

attack('Q-10', 'an operation of one version is run for that version', {
  send: { headers: as('shop', '2.0.0'), body: { documentId: documentIdOf(ofNextVersion.Next) } },
  expect: { status: 200, fetches: 1, data: { docs: [{ id: 'd1' }] } },
});

const tokenOf = async (world: AttackWorld, app: string): Promise<string> => {
  const code = await world.loginCode('somebody', app);
  const { json } = await world.ask({ path: '/auth/wechat/login', body: { appId: app, code } });
  return `Bearer ${json?.accessToken}`;
};
for (const [whose, app, expected] of [
  ['another mini-program', otherAppId, closed],
  ['its own', appId, { status: 200, fetches: 1, data: { media: [{ __typename: 'Doc' }] } }],
] as const) {
  attack('Q-10', `an operation of one mini-program, asked with the token of ${whose}`, {
    send: async (world) => ({
      headers: { ...as('shop'), authorization: await tokenOf(world, app) },
      body: { documentId: documentIdOf(ofOneApp.App) },
    }),
    expect: expected,
  });
}

for (const [way, send] of [
  ['POST', { body: { documentId: documentIdOf(retired.Old) } }],
  ['GET', get({ documentId: documentIdOf(retired.Old) })],
] as const) {
  attack('Q-12', `a retired operation is not run by ${way}`, { send, expect: closed });
}

test('Q-12 two gateways that are told at once refuse a retired operation within 2 s', async () => {
  const worlds = await Promise.all([1, 2].map(() => startAttackWorld({ dev: false, operations })));
  const askAll = () => Promise.all(worlds.map((world) => world.ask({ body: { documentId: idOf('Docs') } })));
  const statusOf = ({ status, json }: Answer) => [status, json?.errors?.[0]?.extensions?.code];
  try {
    expect((await askAll()).map(statusOf)).toEqual([
      [200, undefined],
      [200, undefined],
    ]);
    const before = worlds.map((world) => world.fetches());
    const beganMs = performance.now();

    const kept = { id: idOf('Users'), body: operations.Users, name: 'Users', type: 'query' } as const;
    const safelist = createSafelist([kept], [idOf('Docs')]);
    const ready = await Promise.all(worlds.map(({ gateway }) => gateway.replaceSafelist(safelist)));

    expect((await askAll()).map(statusOf)).toEqual([
      [403, 'OPERATION_NOT_SAFELISTED'],
      [403, 'OPERATION_NOT_SAFELISTED'],
    ]);
    expect(performance.now() - beganMs).toBeLessThan(2_000);
    expect(worlds.map((world) => world.fetches())).toEqual(before);
    expect(ready).toEqual([1, 1]);
  } finally {
    await Promise.all(worlds.map((world) => world.close()));
  }
});

attack('Q-13', 'a registered operation is priced with the variables of each request', {
  send: { body: { documentId: idOf('Users'), variables: { first: 100_000 } } },
  expect: { status: 400, code: 'COST_LIMIT_EXCEEDED', fetches: 0 },
});

attack('Q-13', 'and with those in an address', {
  send: get({ documentId: idOf('Users'), variables: { first: 100_000 } }),
  expect: { status: 400, code: 'COST_LIMIT_EXCEEDED', fetches: 0 },
});

for (const [way, send] of [
  ['POST', { body: { documentId: idOf('Users'), variables: { first: 2 } } }],
  ['GET', get({ documentId: idOf('Users'), variables: { first: 2 } })],
] as const) {
  attack('Q-13', `the same operation runs with modest variables by ${way}`, {
    send,
    expect: { status: 200, fetches: 1, data: { users: [{ id: '1' }, { id: '2' }] } },
  });
}

for (const [policy, clients] of [
  ['enforce', '{}'],
  ['measure', '{"shop":"enforce"}'],
] as const) {
  test(`Q-14 automatic registration beside the policy ${policy} and clients ${clients}: no start, exit code 1`, async () => {
    const { exitCode, stderr } = await startProgram([
      'gateway/main.ts',
      ...['--supergraph', 'subgraphs/supergraph.graphql', '--policy', 'gateway/access/rules.ts'],
      ...['--persisted-automatic', '--persisted-policy', policy, '--persisted-clients', clients],
    ]).ended;
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr:
        'The settings have problems; `npm run gateway -- --help` lists them all.\n' +
        '  persisted.automatic: cannot be on while a policy is enforce: whoever may register operations is held to none\n',
    });
  });
}

const variants = [
  [{ id: true, noTitle: true }, { id: 'd1' }],
  [
    { id: true, noTitle: false },
    { id: 'd1', title: 'One' },
  ],
  [{ id: false, noTitle: false }, { title: 'One' }],
  [{ id: false, noTitle: true }, {}],
] as const;
attack('Q-16', '1,000 clients at once get each what their own @skip and @include leave', {
  send: async (world) => {
    const asked = Array.from(
      { length: 1_000 },
      (_, index) => variants[index % variants.length] ?? variants[0],
    );
    const send = async ([variables]: (typeof variants)[number]) =>
      world.ask({ body: { documentId: idOf('Variant'), variables } });
    const answers = await Promise.all(asked.map(send));
    expect(answers.map(({ json }) => json)).toEqual(asked.map(([, doc]) => ({ data: { docs: [doc] } })));
    return { body: { documentId: idOf('Variant'), variables: variants[1][0] } };
  },
  expect: docs,
});

attack('K-10', 'registered operations cannot be sent in a batch', {
  send: { body: [{ documentId: idOf('Docs') }, { documentId: idOf('Users') }] },
  expect: contradictory,
  also: ({ headers }) => expect(headers['cache-control']).toContain('no-store'),
});

attack('K-10', 'nor in a batch by GET', {
  send: get({ extensions: [inExtensions(idOf('Docs')), inExtensions(idOf('Users'))] }),
  expect: contradictory,
});
