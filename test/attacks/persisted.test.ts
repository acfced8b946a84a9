/** Attacks on a gateway that serves registered operations alone. */
import { expect } from 'vitest';
import { documentIdOf } from '../../gateway/persisted/safelist.ts';
import { createAttack } from '../support/attack.ts';

const operations = {
  Docs: 'query Docs { docs { id title } }',
  Users: 'query Users($first: Int!) { users(first: $first) { id } }',
  Touch: 'mutation Touch { touch }',
};
const attack = createAttack({ dev: false, operations });
const idOf = (name: keyof typeof operations): string => documentIdOf(operations[name]);
const closed = { status: 403, code: 'OPERATION_NOT_SAFELISTED', fetches: 0 };
const contradictory = { status: 400, code: 'BAD_REQUEST', fetches: 0 };

for (const [what, documentId] of [
  ['nobody registered', `sha256:${'0'.repeat(64)}`],
  ['is a registered one without its prefix', idOf('Docs').slice('sha256:'.length)],
  ['is a registered one in upper case', idOf('Docs').toUpperCase()],
  ['is a registered one and a space', `${idOf('Docs')} `],
  ['is called __proto__', '__proto__'],
]) {
  attack('Q-01', `an id that ${what} is unknown`, {
    send: { body: { documentId } },
    expect: { status: 404, code: 'PERSISTED_QUERY_NOT_FOUND', fetches: 0 },
  });
}

attack('Q-01', 'a text that nobody registered is not served', {
  send: { body: { query: '{ docs { id } }' } },
  expect: closed,
});

attack('Q-01', 'a text that somebody registered is not served either: only its id is', {
  send: { body: { query: operations.Docs } },
  expect: closed,
});

attack('Q-02', 'an id with the text of another document runs neither', {
  as: 'user',
  send: { body: { documentId: idOf('Docs'), query: operations.Touch } },
  expect: contradictory,
});

attack('Q-04', 'free text beside a valid id is not run', {
  as: 'admin',
  send: { body: { documentId: idOf('Docs'), query: 'mutation { wipe }' } },
  expect: contradictory,
});

attack('Q-04', 'free text beside a valid id in the address is not run', {
  as: 'admin',
  send: { path: `/graphql?documentId=${idOf('Docs')}`, body: { query: 'mutation { wipe }' } },
  expect: closed,
});

for (const [what, address] of [
  ['its id', `documentId=${idOf('Touch')}`],
  [
    'its id in extensions',
    `extensions=${encodeURIComponent(JSON.stringify({ persistedQuery: { version: 1, sha256Hash: idOf('Touch').slice(7) } }))}`,
  ],
]) {
  attack('Q-06', `a mutation does not run by GET and ${what}`, {
    as: 'user',
    send: { method: 'GET', path: `/graphql?${address}` },
    expect: { status: 405, code: 'METHOD_NOT_ALLOWED', fetches: 0 },
  });
}

const unsupported = { status: 400, code: 'PERSISTED_QUERY_NOT_SUPPORTED', fetches: 0 };
const stranger = '{ docs { title } }';
const persistedQuery = { version: 1, sha256Hash: documentIdOf(stranger).slice('sha256:'.length) };
const registration = { body: { query: stranger, extensions: { persistedQuery } } };

attack('Q-08', 'a document cannot be registered by sending it', { send: registration, expect: unsupported });

attack('Q-08', 'nothing was stored by trying', {
  first: [registration],
  send: { body: { documentId: documentIdOf(stranger) } },
  expect: { status: 404, code: 'PERSISTED_QUERY_NOT_FOUND', fetches: 0 },
});

attack('Q-08', 'a client that asks by hash learns that it must not', {
  send: { body: { extensions: { persistedQuery } } },
  expect: unsupported,
});

attack('Q-13', 'a registered operation is priced with the variables of each request', {
  send: { body: { documentId: idOf('Users'), variables: { first: 100_000 } } },
  expect: { status: 400, code: 'COST_LIMIT_EXCEEDED', fetches: 0 },
});

attack('Q-13', 'the same operation runs with modest variables', {
  send: { body: { documentId: idOf('Users'), variables: { first: 2 } } },
  expect: { status: 200, fetches: 1, data: { users: [{ id: '1' }, { id: '2' }] } },
});

attack('K-10', 'registered operations cannot be sent in a batch', {
  send: { body: [{ documentId: idOf('Docs') }, { documentId: idOf('Users') }] },
  expect: contradictory,
  also: ({ headers }) => expect(headers['cache-control']).toContain('no-store'),
});
