/** Attacks on automatic persisted queries, where an operator has switched them on, and on clients that are only watched. */
import { expect, test } from 'vitest';
import { createAutomaticDocuments } from '../../gateway/persisted/automatic-documents.ts';
import { createResolveDocument } from '../../gateway/persisted/resolve-document.ts';
import { createSafelist, documentIdOf } from '../../gateway/persisted/safelist.ts';
import { createAttack } from '../support/attack.ts';
import { writeManifest } from '../support/manifest-file.ts';

const operations = { Docs: 'query Docs { docs { id title } }' };
const retired = 'query Old { item { id } }';
const attack = createAttack({
  dev: false,
  operations,
  config: {
    manifests: [writeManifest({ Old: retired })],
    persisted: {
      ...{ policy: 'measure', automatic: true, maxAutomaticBytes: 2_000 },
      retired: [documentIdOf(retired)],
    },
  },
});

const hashOf = (text: string): string => documentIdOf(text).slice('sha256:'.length);
const extensionsOf = (text: string) => ({ persistedQuery: { version: 1, sha256Hash: hashOf(text) } });
const byGet = (params: Readonly<Record<string, string>>) => ({
  method: 'GET',
  path: `/graphql?${new URLSearchParams(params)}`,
});

const titles = 'query Titles { docs { title } }';
const registration = { body: { query: titles, extensions: extensionsOf(titles) } };
const hashAlone = { body: { extensions: extensionsOf(titles) } };
const answered = { status: 200, fetches: 1, data: { docs: [{ title: 'One' }] } };
const sendTextToo = { status: 200, code: 'PERSISTED_QUERY_NOT_FOUND', fetches: 0 };
const contradictory = { status: 400, code: 'BAD_REQUEST', fetches: 0 };
const closed = { status: 403, code: 'OPERATION_NOT_SAFELISTED', fetches: 0 };

attack('Q-01', 'a client of automatic persisted queries learns with status 200 that it must send the text', {
  send: hashAlone,
  expect: sendTextToo,
  also: ({ json }) => expect(json?.errors?.[0]?.message).toBe('PersistedQueryNotFound'),
});

attack('Q-01', 'an unknown documentId is no automatic query, and is not found', {
  send: { body: { documentId: documentIdOf(titles) } },
  expect: { status: 404, code: 'PERSISTED_QUERY_NOT_FOUND', fetches: 0 },
});

attack('Q-01', 'a text is run with its hash', { send: registration, expect: answered });

attack('Q-01', 'and by its hash alone from then on', {
  first: [registration],
  send: hashAlone,
  expect: answered,
});

attack('Q-02', 'a text under the hash of another is refused', {
  send: { body: { query: operations.Docs, extensions: extensionsOf(titles) } },
  expect: contradictory,
});

const poisoned = 'query Poisoned { docs { id } }';
attack('Q-02', 'and is not stored under it', {
  first: [{ body: { query: operations.Docs, extensions: extensionsOf(poisoned) } }],
  send: { body: { extensions: extensionsOf(poisoned) } },
  expect: sendTextToo,
});

for (const version of [0, 2, '1', null]) {
  attack('Q-02', `a hash of version ${JSON.stringify(version)} is refused`, {
    send: {
      body: { query: titles, extensions: { persistedQuery: { version, sha256Hash: hashOf(titles) } } },
    },
    expect: contradictory,
  });
}

const touch = 'mutation { touch }';
attack('Q-06', 'a mutation that was registered by sending it does not run by GET', {
  as: 'user',
  first: [{ body: { query: touch, extensions: extensionsOf(touch) } }],
  send: {
    ...byGet({ extensions: JSON.stringify(extensionsOf(touch)) }),
    headers: { 'apollo-require-preflight': 'true' },
  },
  expect: { status: 405, code: 'METHOD_NOT_ALLOWED', fetches: 0 },
});

for (const [way, body] of [
  ['id', { documentId: documentIdOf(retired) }],
  ['hash', { extensions: extensionsOf(retired) }],
  ['text', { query: retired }],
  ['text and hash', { query: retired, extensions: extensionsOf(retired) }],
] as const) {
  attack('Q-12', `a retired operation is not run by its ${way}`, { send: { body }, expect: closed });
}

attack('K-03', 'documents beyond the cap push out the eldest alone, and no registered one', {
  first: [
    registration,
    ...Array.from({ length: 60 }, (_, index) => {
      const query = `query Q${index} { docs { id } }`;
      return { body: { query, extensions: extensionsOf(query) } };
    }),
  ],
  send: hashAlone,
  expect: sendTextToo,
  also: async (_answer, world) => {
    const newest = { body: { extensions: extensionsOf('query Q59 { docs { id } }') } };
    const registered = { body: { documentId: documentIdOf(operations.Docs) } };
    expect((await world.ask(newest)).json).toEqual({ data: { docs: [{ id: 'd1' }] } });
    expect((await world.ask(registered)).json).toEqual({ data: { docs: [{ id: 'd1', title: 'One' }] } });
  },
});

test('K-03 of 100,000 different documents no more are kept than the caps allow; registered ones all', () => {
  const kept = {
    id: documentIdOf(operations.Docs),
    body: operations.Docs,
    name: 'Docs',
    type: 'query',
  } as const;
  const automatic = createAutomaticDocuments({ maxDocuments: 1_000, maxBytes: 20_000 });
  const client = { name: undefined, version: undefined };
  const safelist = createSafelist([kept]);
  const resolve = createResolveDocument({
    policyOf: () => 'measure',
    automatic,
    onUnregistered: () => {},
  });
  const ask = (id: string, query?: string) =>
    resolve(
      { id, query, operationName: undefined, variables: undefined, isAutomatic: true },
      client,
      safelist,
    );
  const textOf = (index: number): string => `query Q${index} { docs { id title number${index} } }`;
  const ids = Array.from({ length: 100_000 }, (_, index) => documentIdOf(textOf(index)));

  for (const [index, id] of ids.entries()) ask(id, textOf(index));

  const left = ids.flatMap((id) => automatic.get(id) ?? []);
  expect({ documents: left.length, bytes: left.join('').length * 2 }).toEqual({
    documents: 217,
    bytes: 19_964,
  });
  expect(left.at(-1)).toBe(textOf(99_999));
  expect(ask(kept.id)).toEqual({ body: kept.body, operationName: 'Docs', registered: expect.anything() });
});

const foreign = { status: 403, code: 'ORIGIN_NOT_ALLOWED', fetches: 0 };

attack('H-19', 'a page of another origin cannot send a text by a simple GET, whoever is watched only', {
  send: { ...byGet({ query: titles }), headers: { origin: 'https://evil.example' } },
  expect: foreign,
  also: ({ headers }) => expect(headers).not.toHaveProperty('access-control-allow-origin'),
});

attack('H-19', 'nor ask by the hash of a text', {
  first: [registration],
  send: {
    ...byGet({ extensions: JSON.stringify(extensionsOf(titles)) }),
    headers: { origin: 'https://evil.example' },
  },
  expect: foreign,
});

const planted = 'query Planted { docs { id } }';
attack('H-19', 'nor have a text stored', {
  first: [byGet({ query: planted, extensions: JSON.stringify(extensionsOf(planted)) })],
  send: { body: { extensions: extensionsOf(planted) } },
  expect: sendTextToo,
});

for (const [name, value] of [
  ['minigate-client-name', 'shop'],
  ['apollo-require-preflight', 'true'],
  ['x-apollo-operation-name', 'Titles'],
  ['content-type', 'application/json'],
] as const) {
  attack('H-19', `a GET with ${name} was asked for by no foreign page, and runs`, {
    send: { ...byGet({ query: titles }), headers: { [name]: value } },
    expect: answered,
  });
}

attack('H-19', 'an empty header allows nothing', {
  send: { ...byGet({ query: titles }), headers: { 'minigate-client-name': '' } },
  expect: contradictory,
});

attack('H-19', 'a registered query by a simple GET runs, and no page may read the answer', {
  send: byGet({ documentId: documentIdOf(operations.Docs) }),
  expect: { status: 200, fetches: 1, data: { docs: [{ id: 'd1', title: 'One' }] } },
  also: ({ headers }) => expect(headers).not.toHaveProperty('access-control-allow-origin'),
});
