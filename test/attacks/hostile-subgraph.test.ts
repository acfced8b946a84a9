/** Attacks by a subgraph that somebody else has taken over: it reaches neither the client nor the gateway's inside. */
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { HEADER } from '../../subgraphs/verify/index.ts';
import { createAttack } from '../support/attack.ts';
import type { Answer } from '../support/attack-world.ts';
import { answering, streaming } from '../support/misbehaviours.ts';
import type { Misbehaviour } from '../support/test-subgraph.ts';

const attack = createAttack({ dev: true, config: { subgraphs: { timeoutMs: 500 } } });

const send = { body: { query: '{ user(id: "1") { id } docs { id } }' } };
/** The part of the hostile subgraph is null, the part of the other is there. */
const partly = (code: string | readonly string[]) => ({
  status: 200,
  code,
  fetches: 2,
  data: { user: null, docs: [{ id: 'd1' }] },
});
const good = { data: { user: { id: '1' } } };

const joined = { body: { query: '{ orders { id user { id name orders { id } } } docs { id } }' } };
attack('G-01', 'what nobody asked a subgraph for overwrites nothing of another', {
  as: 'user',
  subgraphs: {
    users: answering({
      data: {
        _entities: [{ __typename: 'User', name: 'A', orders: [{ id: 'evil' }], ssn: 'evil', level: 'evil' }],
        orders: [{ id: 'evil' }],
        docs: [{ id: 'evil' }],
      },
      extensions: { evil: true },
    }),
  },
  send: joined,
  expect: {
    status: 200,
    fetches: 3,
    data: {
      orders: [{ id: 'o1', user: { id: '1', name: 'A', orders: [{ id: 'o1' }] } }],
      docs: [{ id: 'd1' }],
    },
  },
  also: ({ text }) => expect(text).not.toContain('evil'),
});

const names = { body: { query: '{ orders { id user { name } } docs { id } }' } };
const nameless = {
  status: 200,
  code: 'SUBGRAPH_BAD_RESPONSE',
  fetches: 3,
  data: { orders: [{ id: 'o1', user: { name: null } }], docs: [{ id: 'd1' }] },
};
for (const [what, items] of [
  ['of another type', [{ __typename: 'Secret', name: 'evil' }]],
  ['of a type that nobody knows', [{ __typename: 'Nobody', name: 'evil' }]],
  ['of a type that is no name', [{ __typename: ['User'], name: 'evil' }]],
  ['of no type', [{ name: 'evil' }]],
  ['with the id of another', [{ __typename: 'User', id: 'evil', name: 'evil' }]],
  ['that is text', ['evil']],
  ['in a list of its own', [[{ __typename: 'User', name: 'evil' }]]],
  [
    'and one more',
    [
      { __typename: 'User', name: 'evil' },
      { __typename: 'User', name: 'evil' },
    ],
  ],
] as const) {
  attack('G-02', `an entity ${what} is nobody's, and told`, {
    as: 'user',
    subgraphs: { users: answering({ data: { _entities: items } }) },
    send: names,
    expect: nameless,
    also: ({ text, json }) => {
      expect(text).not.toContain('evil');
      expect(json?.errors?.map(({ path }) => path)).toEqual([['orders', 0, 'user', 'name']]);
    },
  });
}

for (const [what, typename] of [
  ['another type', 'Admin'],
  ['a type that nobody knows', 'Nobody'],
] as const) {
  attack('G-02', `an object that claims to be of ${what} is null, told, and led on nowhere`, {
    as: 'user',
    subgraphs: { users: answering({ data: { user: { __typename: typename, id: '1' } } }) },
    send: { body: { query: '{ user(id: "1") { orders { id } } docs { id } }' } },
    expect: partly('SUBGRAPH_BAD_RESPONSE'),
    also: ({ json }) => expect(json?.errors?.map(({ path }) => path)).toEqual([['user']]),
  });
}

for (const [query, answer] of [
  ['{ __proto__: docs { id } }', '{"__proto__":[{"id":"d1"}]}'],
  ['{ docs { __proto__: id constructor: title } }', '{"docs":[{"__proto__":"d1","constructor":"One"}]}'],
  ['{ toString: user(id: "1") { hasOwnProperty: id } }', '{"toString":{"hasOwnProperty":"1"}}'],
  ['query ($__proto__: ID = "1") { user(id: $__proto__) { id } }', '{"user":{"id":"1"}}'],
  ['query ($constructor: ID = "1") { user(id: $constructor) { id } }', '{"user":{"id":"1"}}'],
  ['query toString { ...__proto__ } fragment __proto__ on Query { docs { id } }', '{"docs":[{"id":"d1"}]}'],
] as const) {
  attack('G-07', `${query} is answered by its own names`, {
    send: { body: { query } },
    expect: { status: 200, fetches: 1 },
    also: ({ text }) => expect(text.trim()).toBe(`{"data":${answer}}`),
  });
}

attack('G-07', 'keys of an answer that are names of the prototype change nothing', {
  subgraphs: {
    users: answering(
      '{"__proto__":{"evil":1},"data":{"__proto__":{"evil":2},"user":{"id":"1","__proto__":{"evil":3},"constructor":{"prototype":{"evil":4}}}}}',
    ),
  },
  send,
  expect: { status: 200, fetches: 2, data: { user: { id: '1' }, docs: [{ id: 'd1' }] } },
  also: () => expect(({} as { evil?: number }).evil).toBeUndefined(),
});

for (const status of [301, 302, 307, 308]) {
  const location = { url: '' };
  attack('G-04', `a redirect by ${status} to another server of ours is not followed`, {
    subgraphs: {
      users: (request, response) => answering('', status, { location: location.url })(request, response),
    },
    send: (world) => {
      location.url = world.subgraph('admin').url;
      return { body: { query: '{ user(id: "1") { id } }' } };
    },
    expect: { status: 200, code: 'SUBGRAPH_BAD_RESPONSE', fetches: 1, data: { user: null } },
  });
}

attack('G-05', 'headers of a subgraph do not reach the client', {
  subgraphs: {
    users: answering(good, 200, {
      'set-cookie': ['session=evil', 'other=evil'],
      'access-control-allow-origin': '*',
      'cache-control': 'public, max-age=3600',
      'x-request-id': 'evil',
      'content-security-policy': 'evil',
      location: '/evil',
      'x-powered-by': 'evil',
    }),
  },
  send,
  expect: { status: 200, fetches: 2, data: { user: { id: '1' }, docs: [{ id: 'd1' }] } },
  also: ({ headers }) =>
    expect(Object.keys(headers).sort()).toEqual([
      'cache-control',
      'connection',
      'content-length',
      'content-type',
      'date',
      'keep-alive',
      'x-content-type-options',
      'x-request-id',
    ]),
});

const errorsOf = ({ json }: Answer) => json?.errors ?? [];
const failing = (count: number, message: string, more: object = {}): Misbehaviour =>
  answering({ data: null, errors: Array.from({ length: count }, () => ({ message, ...more })) });

attack('G-06', 'of 40,000 errors a hundred are passed on', {
  subgraphs: { users: failing(40_000, 'no') },
  send,
  expect: partly('SUBGRAPH_ERROR'),
  also: (answer) => expect(errorsOf(answer)).toHaveLength(100),
});

attack('G-06', '100,000 errors are more than is read', {
  subgraphs: { users: failing(100_000, 'no') },
  send,
  expect: partly('SUBGRAPH_RESPONSE_TOO_LARGE'),
  also: (answer) => expect(errorsOf(answer)).toHaveLength(1),
});

attack('G-06', 'a message of 4 MB that is meant for clients is cut to a thousand characters', {
  subgraphs: { users: failing(1, 'no '.repeat(1_333_333), { extensions: { code: 'NOT_FOUND' } }) },
  send,
  expect: partly('NOT_FOUND'),
  also: (answer) => expect(errorsOf(answer)[0]?.message).toBe('no '.repeat(1_333_333).slice(0, 1_000)),
});

attack('G-06', 'a message of 10 MB is not read to its end', {
  subgraphs: { users: failing(1, 'a'.repeat(10_000_000)) },
  send,
  expect: partly('SUBGRAPH_RESPONSE_TOO_LARGE'),
});

for (const [what, more] of [
  ['a path of objects', { path: [{ a: 1 }] }],
  ['a path that is text', { path: 'user' }],
  ['locations of -1', { locations: [{ line: -1, column: -1 }] }],
  ['a location 2^53 lines down', { locations: [{ line: 2 ** 53, column: 1 }] }],
] as const) {
  attack('G-06', `an error with ${what} comes with the place of the null instead`, {
    subgraphs: { users: failing(1, 'no', more) },
    send,
    expect: partly('SUBGRAPH_ERROR'),
    also: (answer) => {
      expect(errorsOf(answer)[0]).toHaveProperty('path', ['user']);
      expect(errorsOf(answer)[0]).not.toHaveProperty('locations');
    },
  });
}

const unread = ['SUBGRAPH_BAD_RESPONSE', 'SUBGRAPH_RESPONSE_TOO_LARGE'];
attack('G-08', '150 KB that unpack to 150 MB are not unpacked', {
  subgraphs: { users: answering(gzipSync(Buffer.alloc(150_000_000)), 200, { 'content-encoding': 'gzip' }) },
  send,
  expect: partly(unread),
});

attack('G-08', 'an answer under 100 encodings is not unpacked', {
  subgraphs: {
    users: answering(gzipSync(JSON.stringify(good)), 200, {
      'content-encoding': Array.from({ length: 100 }, () => 'gzip').join(', '),
    }),
  },
  send,
  expect: partly(unread),
});

attack('G-08', 'an answer without end is cut', {
  subgraphs: { users: streaming(Number.POSITIVE_INFINITY) },
  send,
  expect: partly('SUBGRAPH_RESPONSE_TOO_LARGE'),
});

const late = { closed: Promise.resolve() };
attack('G-09', 'who answers after the deadline finds the connection gone', {
  subgraphs: {
    users: (_request, response) => {
      late.closed = new Promise((resolve) => response.on('close', resolve));
    },
  },
  send,
  expect: partly('SUBGRAPH_TIMEOUT'),
  also: () => late.closed,
});

const httpAnswer = (body: string): string =>
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const evil = JSON.stringify({ data: { user: { id: 'evil' } } });
for (const id of ['G-10', 'B-15']) {
  attack(id, 'a second answer that nobody asked for reaches no request', {
    subgraphs: {
      users: (request) => void request.socket.write(httpAnswer(JSON.stringify(good)) + httpAnswer(evil)),
    },
    send,
    expect: { status: 200, fetches: 2, data: { user: { id: '1' }, docs: [{ id: 'd1' }] } },
    also: async (_answer, world) => {
      for (let round = 0; round < 5; round += 1) {
        expect((await world.ask(send)).json?.data).toEqual({ user: { id: '1' }, docs: [{ id: 'd1' }] });
      }
    },
  });

  attack(id, 'an answer split by line breaks in a header is one answer or none', {
    subgraphs: {
      users: (request) =>
        void request.socket.write(`HTTP/1.1 200 OK\r\nX-Split: a\r\n\r\n${httpAnswer(evil)}`, () =>
          request.socket.end(),
        ),
    },
    send,
    expect: partly(['SUBGRAPH_BAD_RESPONSE', 'SUBGRAPH_UNAVAILABLE']),
  });
}

for (const [what, extensions] of [
  ['not meant for clients', {}],
  ['meant for clients', { code: 'BAD_USER_INPUT' }],
] as const) {
  attack('G-12', `an error ${what} that repeats what the gateway signed with shows nothing of it`, {
    subgraphs: {
      users: (request, response) => {
        const message = `I was given ${request.headers[HEADER.signature]}`;
        answering({ data: null, errors: [{ message, extensions }] })(request, response);
      },
    },
    send,
    expect: partly(['SUBGRAPH_ERROR', 'BAD_USER_INPUT']),
  });
}
