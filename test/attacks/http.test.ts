/** Attacks by HTTP itself: types, methods, headers, lengths and encodings that two programs could read in two ways. */
import { gzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';
import { createAttack } from '../support/attack.ts';
import type { Answer } from '../support/attack-world.ts';

const attack = createAttack({ dev: true });

describe('in production', () => {
  const attackClosed = createAttack({ dev: false });
  const page = { accept: 'text/html' };

  for (const path of [
    '/',
    '/sandbox',
    '/sandbox/config.json',
    '/sandbox/assets/page.js',
    '/graphiql',
    '/playground',
  ]) {
    attackClosed('H-16', `there is no page at ${path}`, {
      send: { method: 'GET', path, headers: page },
      expect: { status: 404, code: 'NOT_FOUND', fetches: 0 },
    });
  }

  attackClosed('H-16', 'there is no page at the endpoint either, and nothing of the address is repeated', {
    send: { method: 'GET', path: '/graphql?query=<script>alert(1)</script>', headers: page },
    expect: { status: 406, code: 'NOT_ACCEPTABLE', fetches: 0 },
    also: ({ text }) => expect(text).not.toContain('alert'),
  });

  for (const [what, accept] of [
    ['anything', '*/*'],
    ['JSON', 'application/json'],
  ] as const) {
    attackClosed(
      'H-16',
      `nor for a client that takes ${what}: a script in the address is a text that a page may have sent`,
      {
        send: { method: 'GET', path: '/graphql?query=<script>alert(1)</script>', headers: { accept } },
        expect: { status: 400, code: 'BAD_REQUEST', fetches: 0 },
        also: ({ text, headers }) => {
          expect(text).not.toContain('alert');
          expect(headers['content-type']).toBe('application/json; charset=utf-8');
        },
      },
    );
  }
});

const body = '{"query":"{docs{id}}"}';
const json = 'Content-Type: application/json';
const length = `Content-Length: ${body.length}`;
/** A request of which every byte counts; the gateway closes the socket after its answer. */
const raw = (headers: readonly string[], payload: string = body): { raw: Buffer } => ({
  raw: Buffer.from(
    ['POST /graphql HTTP/1.1', 'Host: gateway', 'Connection: close', ...headers, '', payload].join('\r\n'),
    'latin1',
  ),
});
const answered = { status: 200, fetches: 1, data: { docs: [{ id: 'd1' }] } };
const wrongType = { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE', fetches: 0 };
const malformed = { status: 400, code: 'BAD_REQUEST', fetches: 0 };
const query = (text: string): string => `/graphql?query=${encodeURIComponent(text)}`;
const closes = ({ headers }: Answer): void => expect(headers.connection).toBe('close');

for (const types of [
  [],
  ['text/plain'],
  ['application/x-www-form-urlencoded'],
  ['multipart/form-data; boundary=a'],
  ['application/graphql'],
  ['application/jsonx'],
  ['application/json\ta'],
  ['application/json, text/plain'],
  ['application/json', 'text/plain'],
  ['text/plain', 'application/json'],
  ['application/json', 'application/json'],
  ['application/json;charset=utf-8;x=y'],
  ['application/json;'],
  ['application/json;charset="utf-8'],
]) {
  attack('H-01', `JSON declared as ${JSON.stringify(types)} is not read`, {
    send: raw([...types.map((type) => `Content-Type: ${type}`), length]),
    expect: wrongType,
  });
}

for (const type of [
  'application/json',
  ' application/json',
  'APPLICATION/JSON',
  'application/json; charset=UTF-8',
  'application/json;charset="utf-8"',
]) {
  attack('H-01', `JSON declared as ${JSON.stringify(type)} is read`, {
    send: raw([`Content-Type:${type}`, length]),
    expect: answered,
  });
}

for (const charset of ['utf-7', 'utf-16', 'utf-32', 'x-user-defined', 'latin1']) {
  attack('H-02', `JSON in the charset ${charset} is not read`, {
    send: { headers: { 'content-type': `application/json; charset=${charset}` }, body },
    expect: wrongType,
  });
}

for (const type of [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=a',
  'application/graphql',
  'application/json, text/plain',
  '',
]) {
  attack('H-03', `a GET that declares ${JSON.stringify(type)} is not read`, {
    send: { method: 'GET', path: query('{docs{id}}'), headers: { 'content-type': type } },
    expect: wrongType,
  });
}

attack('H-03', 'a GET that declares nothing is read', {
  send: { method: 'GET', path: query('{docs{id}}') },
  expect: answered,
});

attack('H-03', 'a GET that declares JSON is read', {
  send: { method: 'GET', path: query('{docs{id}}'), headers: { 'content-type': 'application/json' } },
  expect: answered,
});

attack('H-03', 'what a GET carries as its body is not read', {
  as: 'user',
  send: { method: 'GET', path: query('{docs{id}}'), body: { query: 'mutation { touch }' } },
  expect: answered,
});

for (const [what, search] of [
  ['variables that are no JSON', 'query={docs{id}}&variables=nonsense'],
  ['variables that are a list', 'query={docs{id}}&variables=[]'],
  ['extensions that are no JSON', 'query={docs{id}}&extensions={'],
  ['two texts', 'query={docs{id}}&query={docs{title}}'],
  ['a list of texts', 'query[]={docs{id}}'],
  ['nothing', ''],
] as const) {
  attack('H-03', `a GET with ${what} is refused`, {
    send: { method: 'GET', path: `/graphql?${search}` },
    expect: malformed,
  });
}

for (const accept of [
  'text/html',
  'text/*',
  'image/png',
  'application/json;q=0',
  'application/json; charset=utf-16',
]) {
  attack('H-18', `whoever accepts only ${accept} is refused before anything runs`, {
    as: 'user',
    send: { headers: { accept }, body: { query: 'mutation { touch }' } },
    expect: { status: 406, code: 'NOT_ACCEPTABLE', fetches: 0 },
  });
}

const graphqlResponse = 'application/graphql-response+json; charset=utf-8';
const plainJson = 'application/json; charset=utf-8';
for (const [accept, type] of [
  [undefined, plainJson],
  ['', plainJson],
  ['*/*', plainJson],
  ['application/*', plainJson],
  ['application/json', plainJson],
  ['text/html, */*;q=0.1', plainJson],
  ['application/graphql-response+json', graphqlResponse],
  ['application/graphql-response+json, application/json;q=0.9', graphqlResponse],
] as const) {
  const headers: Record<string, string> = accept === undefined ? {} : { accept };
  attack('H-18', `accept ${JSON.stringify(accept)} is answered as ${type}`, {
    send: { headers, body },
    expect: answered,
    also: (answer) => expect(answer.headers['content-type']).toBe(type),
  });
}

attack('H-18', 'a refusal to a client of the GraphQL type has the status of the refusal', {
  send: { headers: { accept: 'application/graphql-response+json' }, body: { query: '{ nothing }' } },
  expect: { status: 400, code: 'GRAPHQL_VALIDATION_FAILED', fetches: 0 },
  also: (answer) => expect(answer.headers['content-type']).toBe(graphqlResponse),
});

const wrongMethod = { status: 405, code: 'METHOD_NOT_ALLOWED', fetches: 0 };
const mutation = { query: 'mutation { touch }' };
for (const [what, send] of [
  ['a mutation by GET', { method: 'GET', path: query('mutation{touch}') }],
  [
    'a mutation that GET chooses by name',
    { method: 'GET', path: `${query('query Q{docs{id}} mutation M{touch}')}&operationName=M` },
  ],
  [
    'a GET that claims to be a POST',
    { method: 'GET', path: query('mutation{touch}'), headers: { 'x-http-method-override': 'POST' } },
  ],
  ['a mutation by PUT', { method: 'PUT', body: mutation }],
  ['a mutation by PATCH', { method: 'PATCH', body: mutation }],
  ['a mutation by DELETE', { method: 'DELETE', body: mutation }],
] as const) {
  attack('H-04', `${what} does not run`, { as: 'user', send, expect: wrongMethod });
}

attack('H-04', 'HEAD runs nothing and says nothing', {
  as: 'user',
  send: { method: 'HEAD', path: query('mutation{touch}') },
  expect: { status: 405, fetches: 0 },
  also: ({ text }) => expect(text).toBe(''),
});

attack('H-04', 'a POST that claims to be a GET is a POST', {
  send: { headers: { 'x-http-method-override': 'GET', 'x-http-method': 'DELETE' }, body },
  expect: answered,
});

const tooManyHeaders = { status: 431, code: 'HEADERS_TOO_LARGE', fetches: 0 };
for (const name of ['__proto__', 'constructor']) {
  attack('H-05', `a header called ${name} is refused`, {
    send: raw([json, length, `${name}: x`]),
    expect: malformed,
  });
}

attack('H-05', '101 headers are too many', {
  send: raw([json, length, ...Array.from({ length: 97 }, (_, index) => `x-${index}: 1`)]),
  expect: tooManyHeaders,
});

attack('H-05', '100 headers are not', {
  send: raw([json, length, ...Array.from({ length: 96 }, (_, index) => `x-${index}: 1`)]),
  expect: answered,
});

attack('H-05', 'a header folded over two lines is refused', {
  send: raw([json, length, 'x-folded: a\r\n b']),
  expect: malformed,
});

attack('H-05', 'a header with NUL is refused', {
  send: raw([json, length, 'x-nul: a\0b']),
  expect: malformed,
});

attack('H-05', 'a request id of 8-bit text is replaced, not repeated', {
  send: raw([json, length, 'x-request-id: \xe9\xff']),
  expect: answered,
  also: ({ headers }) => expect(headers['x-request-id']).toMatch(/^[\w-]{36}$/),
});

for (const kib of [17, 64]) {
  attack('H-06', `a header block of ${kib} KiB is refused and the connection closed`, {
    send: raw([json, length, `x-large: ${'a'.repeat(kib * 1024)}`]),
    expect: tooManyHeaders,
    also: closes,
  });
}

const tooLarge = { status: 413, code: 'PAYLOAD_TOO_LARGE', fetches: 0 };
const large = JSON.stringify({ query: '{docs{id}}', variables: { text: 'a'.repeat(400_000) } });

attack('H-08', 'a body that declares too much is refused before it comes', {
  send: raw([json, 'Content-Length: 1000000000'], ''),
  expect: tooLarge,
  also: closes,
});

attack('H-08', 'a body that is too large is refused readably', { send: { body: large }, expect: tooLarge });

attack('H-08', 'a body in chunks that sum up to too much is refused', {
  send: raw([json, 'Transfer-Encoding: chunked'], `${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`),
  expect: tooLarge,
  also: closes,
});

attack('H-08', 'a body longer than it declares is not read on', {
  send: raw([json, 'Content-Length: 10']),
  expect: malformed,
});

attack('H-08', 'a body shorter than it declares is refused when the client ends', {
  send: { ...raw([json, `Content-Length: ${body.length + 5}`]), halfClosed: true },
  expect: malformed,
});

attack('H-08', 'a body cut within a chunk is refused when the client ends', {
  send: { ...raw([json, 'Transfer-Encoding: chunked'], `ff\r\n${body}`), halfClosed: true },
  expect: malformed,
});

for (const encoding of ['gzip', 'br', 'deflate', 'zstd', 'gzip, gzip', 'identity, gzip', 'unknown']) {
  attack('H-09', `a body that calls itself ${encoding} is not unpacked`, {
    send: { headers: { 'content-encoding': encoding }, body: gzipSync(body) },
    expect: wrongType,
  });
}

attack('H-09', 'a body that is packed and does not say so is no JSON', {
  send: { body: gzipSync(body) },
  expect: malformed,
});

const bomb = gzipSync(Buffer.alloc(100_000_000));
const memoryBefore = { rss: Number.POSITIVE_INFINITY };
attack('H-09', 'a body of 100 KB that unpacks to a thousand times as much costs no memory', {
  send: () => {
    memoryBefore.rss = process.memoryUsage.rss();
    return { headers: { 'content-encoding': 'gzip' }, body: bomb };
  },
  expect: wrongType,
  also: () => expect(process.memoryUsage.rss() - memoryBefore.rss).toBeLessThan(20 * 1024 * 1024),
});

const next = 'GET /smuggled HTTP/1.1\r\nHost: gateway\r\n\r\n';
for (const [what, headers, payload] of [
  ['a length and chunks', [length, 'Transfer-Encoding: chunked'], `0\r\n\r\n${next}`],
  ['chunks and a length', ['Transfer-Encoding: chunked', length], `0\r\n\r\n${next}`],
  ['an encoding called xchunked', ['Transfer-Encoding: xchunked'], `0\r\n\r\n${next}`],
  ['an encoding with a vertical tab', ['Transfer-Encoding: chunked\x0b'], `0\r\n\r\n${next}`],
  ['two encodings', ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'], `0\r\n\r\n${next}`],
  ['two lengths', ['Content-Length: 5', length], body],
  ['two lengths in one', [`Content-Length: 5, ${body.length}`], body],
  ['a length with a plus', [`Content-Length: +${body.length}`], body],
  ['a length with a minus', [`Content-Length: -${body.length}`], body],
  ['a length in hexadecimal', [`Content-Length: 0x${body.length.toString(16)}`], body],
  ['a space before the colon', [`Content-Length : ${body.length}`], body],
  ['a bare line feed', [`x-a: 1\nx-b: 2`, length], body],
  [
    'a bare line feed between chunks',
    ['Transfer-Encoding: chunked'],
    `${body.length.toString(16)}\n${body}\n0\n\n`,
  ],
  [
    'a chunk larger than numbers are',
    ['Transfer-Encoding: chunked'],
    `FFFFFFFFFFFFFFFFF\r\n${body}\r\n0\r\n\r\n`,
  ],
  ['a negative chunk', ['Transfer-Encoding: chunked'], `-1\r\n${body}\r\n0\r\n\r\n`],
  [
    'a chunk extension of 20 KB',
    ['Transfer-Encoding: chunked'],
    `${body.length.toString(16)};${'e'.repeat(20_000)}\r\n${body}\r\n0\r\n\r\n`,
  ],
] as const) {
  attack('H-13', `${what}: refused, and the connection closed`, {
    send: raw([json, ...headers], payload),
    expect: malformed,
    also: closes,
  });
}

attack('H-13', 'lines that end without a carriage return are refused', {
  send: { raw: `POST /graphql HTTP/1.1\nHost: gateway\n${json}\n${length}\n\n${body}` },
  expect: malformed,
  also: closes,
});
