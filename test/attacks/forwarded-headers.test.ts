/** Attacks by headers that are meant for a subgraph: what reaches it is the gateway's own, but for one. */
import { expect } from 'vitest';
import { verifyRequest } from '../../subgraphs/verify/index.ts';
import { createAttack } from '../support/attack.ts';
import { testInternalKey } from '../support/test-gateway.ts';

const attack = createAttack({ dev: true });

const forged = Buffer.from(JSON.stringify({ kind: 'user', userId: '1', roles: ['ADMIN'] })).toString(
  'base64url',
);
attack('J-21', 'of the headers that reach a subgraph, the client has written the idempotency key alone', {
  as: 'user',
  send: {
    headers: {
      'minigate-principal': forged,
      'minigate-signature': '0'.repeat(64),
      'minigate-timestamp': '1',
      'minigate-audience': 'admin',
      'x-user-id': '1',
      'x-tenant': 'other',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-for': '192.0.2.1',
      forwarded: 'host=evil.example',
      cookie: 'session=1',
      te: 'trailers',
      'idempotency-key': 'order-1',
      ...Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`x-custom-${index}`, 'x'])),
    },
    body: { query: '{ me { name } }' },
  },
  expect: { status: 200, fetches: 1, data: { me: { name: 'Person o-sim-user' } } },
  also: (_answer, world) => {
    const received = world.subgraph('users').received.at(-1);
    expect(Object.keys(received?.headers ?? {}).sort()).toEqual([
      'accept',
      'connection',
      'content-length',
      'content-type',
      'host',
      'idempotency-key',
      'minigate-audience',
      'minigate-nonce',
      'minigate-principal',
      'minigate-signature',
      'minigate-timestamp',
      'x-request-id',
    ]);
    expect(received?.headers.host).toBe(new URL(world.subgraph('users').url).host);
    const { headers, body } = received ?? { headers: {}, body: '' };
    expect(
      verifyRequest(
        { method: 'POST', path: '/graphql', headers, body },
        { audience: 'users', key: testInternalKey, now: Date.now() },
      ),
    ).toEqual({ kind: 'user', userId: 'o-sim-user', roles: ['USER'], scopes: [] });
  },
});

const body = '{"query":"{docs{id}}"}';
for (const [what, headers] of [
  [
    'hop-by-hop lists that name what the gateway sets',
    ['Connection: close, minigate-signature, minigate-principal'],
  ],
  ['another host', ['Connection: close', 'X-Forwarded-Host: evil.example', 'X-Host: evil.example']],
  ['a trailer', ['Connection: close', 'Trailer: minigate-principal']],
  ['8-bit text in what is passed on', ['Connection: close', 'Idempotency-Key: \xe9\xff']],
] as const) {
  attack('J-21', `${what}: the subgraph gets the gateway's headers and its own host`, {
    send: {
      raw: Buffer.from(
        [
          'POST /graphql HTTP/1.1',
          'Host: evil.example',
          'Content-Type: application/json',
          `Content-Length: ${body.length}`,
          ...headers,
          '',
          body,
        ].join('\r\n'),
        'latin1',
      ),
    },
    expect: { status: 200, fetches: 1, data: { docs: [{ id: 'd1' }] } },
    also: (_answer, world) => {
      const received = world.subgraph('content').received.at(-1);
      expect(received?.headers).toMatchObject({
        host: new URL(world.subgraph('content').url).host,
        connection: 'keep-alive',
        'minigate-principal': Buffer.from('{"kind":"guest"}').toString('base64url'),
        'minigate-signature': expect.stringMatching(/^[0-9a-f]{64}$/),
      });
      expect(JSON.stringify(received?.headers)).not.toContain('evil');
    },
  });
}

attack('J-21', 'a body in pieces, of no length: the subgraph gets one of the length that it has', {
  send: {
    raw: `POST /graphql HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
  },
  expect: { status: 200, fetches: 1, data: { docs: [{ id: 'd1' }] } },
  also: (_answer, world) => {
    const received = world.subgraph('content').received.at(-1);
    expect(received?.headers).not.toHaveProperty('transfer-encoding');
    expect(received?.headers['content-length']).toBe(String(received?.body.length));
  },
});

attack('J-21', 'an expectation that nobody meets ends at the gateway', {
  send: {
    raw: `POST /graphql HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nExpect: minigate-principal\r\n\r\n${body}`,
  },
  expect: { status: 417, fetches: 0 },
});

for (const [what, value] of [
  ['a line break', 'a\r\nminigate-principal: forged'],
  ['a bare carriage return', 'a\rb'],
  ['NUL', 'a\0b'],
]) {
  attack('J-21', `${what} in a header that is passed on cannot start another`, {
    send: {
      raw: `POST /graphql HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nIdempotency-Key: ${value}\r\n\r\n${body}`,
    },
    expect:
      what === 'a line break'
        ? { status: 200, fetches: 1, data: { docs: [{ id: 'd1' }] } }
        : { status: 400, code: 'BAD_REQUEST', fetches: 0 },
    also: (_answer, world) => {
      const principals = world.subgraphs.flatMap(({ received }) =>
        received.map(({ headers }) => headers['minigate-principal']),
      );
      expect(principals).not.toContain('forged');
    },
  });
}
