/** Attacks by pages of other origins, which make the browsers of their visitors ask. */
import { describe, expect } from 'vitest';
import { documentIdOf } from '../../gateway/persisted/safelist.ts';
import { createAttack } from '../support/attack.ts';
import type { Answer, Send } from '../support/attack-world.ts';

const docs = 'query Docs { docs { id } }';
const foreign = { origin: 'https://evil.example' };
const json = '{"query":"{docs{id}}"}';
const refused = { status: 403, code: 'ORIGIN_NOT_ALLOWED', fetches: 0 };
const preflight: Send = {
  method: 'OPTIONS',
  headers: {
    ...foreign,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type',
  },
};
const byGet: Send = {
  method: 'GET',
  path: `/graphql?documentId=${encodeURIComponent(documentIdOf(docs))}`,
  headers: foreign,
};
const corsHeaders = ({ headers }: Answer): string[] =>
  Object.keys(headers).filter((name) => name.startsWith('access-control-'));
const withoutCors = (answer: Answer): void => expect(corsHeaders(answer)).toEqual([]);

describe.each([
  ['no origin is listed', []],
  ['another origin is listed', ['https://shop.example']],
])('while %s', (_, origins) => {
  const attack = createAttack({ dev: true, operations: { Docs: docs }, config: { cors: { origins } } });

  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=a']) {
    attack('H-19', `a form that a foreign page posts as ${type} is refused`, {
      send: { headers: { ...foreign, 'content-type': type }, body: json },
      expect: refused,
      also: withoutCors,
    });
  }

  attack('H-19', 'a foreign page that posts without a type is refused', {
    send: { method: 'POST', headers: foreign },
    expect: refused,
    also: withoutCors,
  });

  attack('H-19', 'a foreign page that asks by GET is refused', {
    send: byGet,
    expect: refused,
    also: withoutCors,
  });

  attack('H-19', 'a picture of a foreign page, which names no origin, is refused', {
    send: { ...byGet, headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'image' } },
    expect: refused,
    also: withoutCors,
  });

  attack('H-19', 'a preflight of a foreign page is refused', {
    send: preflight,
    expect: refused,
    also: withoutCors,
  });

  attack('H-19', 'a preflight for the login is refused too', {
    send: { ...preflight, path: '/auth/wechat/login' },
    expect: refused,
    also: withoutCors,
  });

  attack('H-19', 'an origin that only begins like the listed one is foreign', {
    send: { ...preflight, headers: { ...preflight.headers, origin: 'https://shop.example.evil.example' } },
    expect: refused,
    also: withoutCors,
  });

  attack('H-19', 'the origin "null" is foreign', {
    send: { ...preflight, headers: { ...preflight.headers, origin: 'null' } },
    expect: refused,
    also: withoutCors,
  });
});

describe('a page whose origin is listed', () => {
  const attack = createAttack({
    dev: true,
    config: { cors: { origins: ['https://shop.example', 'https://other.example:8443'] } },
  });
  const listed = { origin: 'https://shop.example' };

  attack('H-19', 'may ask, and is told so, without credentials', {
    send: { ...preflight, headers: { ...preflight.headers, ...listed } },
    expect: { status: 204, fetches: 0 },
    also: ({ headers }) =>
      expect(headers).toMatchObject({
        'access-control-allow-origin': 'https://shop.example',
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers': expect.stringContaining('authorization, content-type'),
        vary: 'Origin',
      }),
  });

  attack('H-19', 'can read its answer', {
    send: { headers: listed, body: json },
    expect: { status: 200, fetches: 1 },
    also: (answer) => {
      expect(corsHeaders(answer).sort()).toEqual([
        'access-control-allow-origin',
        'access-control-expose-headers',
      ]);
      expect(answer.headers.vary).toBe('Origin');
    },
  });

  attack('H-19', 'can read a refusal', {
    send: { headers: listed, body: '{"query":"{nothing}"}' },
    expect: { status: 400, code: 'GRAPHQL_VALIDATION_FAILED', fetches: 0 },
    also: ({ headers }) => expect(headers['access-control-allow-origin']).toBe('https://shop.example'),
  });

  attack('H-19', 'what answers depend on is told to caches even where no origin asks', {
    send: { body: json },
    expect: { status: 200, fetches: 1 },
    also: (answer) => {
      withoutCors(answer);
      expect(answer.headers.vary).toBe('Origin');
    },
  });
});
