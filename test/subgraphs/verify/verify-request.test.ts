/** What a signature binds: whatever is changed after signing, the request is refused. */
import { describe, expect, test } from 'vitest';
import {
  type Caller,
  createNonceMemory,
  HEADER,
  type ReceivedRequest,
  signRequest,
  UnsignedRequestError,
  verifyRequest,
} from '../../../subgraphs/verify/index.ts';

const key = 'a key of thirty-two characters, ok';
const now = Date.UTC(2026, 0, 1);
const shopper: Caller = { kind: 'user', userId: 'u-0003', roles: ['USER'], scopes: ['order:create'] };

function signed(caller: Caller = shopper, idempotencyKey?: string): ReceivedRequest {
  const body = '{"query":"{ me { id } }"}';
  const url = new URL('http://127.0.0.1:4101/graphql');
  const headers = signRequest({ url, audience: 'user', caller, body, idempotencyKey, key, now });
  return { method: 'POST', path: '/graphql', headers, body };
}

const verify = (
  request: ReceivedRequest,
  change: Partial<{ audience: string; key: string; now: number }> = {},
) => verifyRequest(request, { audience: 'user', key, now, ...change });

describe('a signed request', () => {
  test.each<Caller>([{ kind: 'guest' }, shopper, { kind: 'service', name: 'order' }])(
    'tells who is behind it: $kind',
    (caller) => {
      expect(verify(signed(caller))).toEqual(caller);
      expect(verify(signed(caller, 'key-1'))).toEqual(caller);
    },
  );

  test('is good for 300 seconds to either side', () => {
    expect(verify(signed(), { now: now + 300_000 })).toEqual(shopper);
    expect(verify(signed(), { now: now - 300_000 })).toEqual(shopper);
  });

  test('means the same as bytes or as text', () => {
    const request = signed();

    expect(verify({ ...request, body: Buffer.from(request.body) })).toEqual(shopper);
  });
});

describe('a request is refused', () => {
  const refused = (request: ReceivedRequest, change?: Parameters<typeof verify>[1]) =>
    expect(() => verify(request, change));
  const withHeader = (name: string, value: string | string[] | undefined): ReceivedRequest => {
    const request = signed();
    return { ...request, headers: { ...request.headers, [name]: value } };
  };
  const superUser = Buffer.from(
    JSON.stringify({ kind: 'user', userId: 'u-0003', roles: ['SUPER'], scopes: [] }),
  ).toString('base64url');

  test.each([HEADER.principal, HEADER.timestamp, HEADER.nonce, HEADER.audience, HEADER.signature])(
    'without %s, or with two of it',
    (name) => {
      const missing = new UnsignedRequestError(`the header ${name} is missing`);

      refused(withHeader(name, undefined)).toThrow(missing);
      refused(withHeader(name, ['a', 'b'])).toThrow(missing);
    },
  );

  test.each<[string, ReceivedRequest]>([
    ['another body', { ...signed(), body: '{"query":"{ users { nodes { id } } }"}' }],
    ['another path', { ...signed(), path: '/admin' }],
    ['another method', { ...signed(), method: 'PUT' }],
    ['another principal', withHeader(HEADER.principal, superUser)],
    ['another time', withHeader(HEADER.timestamp, String(now / 1000 + 1))],
    ['another nonce', withHeader(HEADER.nonce, 'a-nonce-that-was-not-signed')],
    ['an idempotency key added', withHeader(HEADER.idempotencyKey, 'key-1')],
    [
      'an idempotency key removed',
      { ...signed(), headers: { ...signed(shopper, 'key-1').headers, [HEADER.idempotencyKey]: undefined } },
    ],
    ['an empty signature', withHeader(HEADER.signature, '')],
    ['a short signature', withHeader(HEADER.signature, 'ab')],
    ['a signature of zeros', withHeader(HEADER.signature, '0'.repeat(64))],
  ])('with %s', (_, request) => {
    refused(request).toThrow(new UnsignedRequestError('the signature does not match'));
  });

  test('signed with another key', () => {
    refused(signed(), { key: `${key}!` }).toThrow(new UnsignedRequestError('the signature does not match'));
  });

  test('signed for another subgraph, whatever its header says', () => {
    const foreign = new UnsignedRequestError('the request was signed for another subgraph');

    refused(signed(), { audience: 'order' }).toThrow(foreign);
    refused(withHeader(HEADER.audience, 'order'), { audience: 'order' }).toThrow(
      new UnsignedRequestError('the signature does not match'),
    );
  });

  test.each(['', 'short', 'n'.repeat(65), 'a nonce with some spaces', 'with\na-line-feed-in-it'])(
    'with %j for a nonce',
    (nonce) => {
      refused(withHeader(HEADER.nonce, nonce)).toThrow(new UnsignedRequestError('the nonce is not one'));
    },
  );

  test('when its nonce was used, and only a signature that holds uses one', () => {
    const spendNonce = createNonceMemory({ now: () => now });
    const options = { audience: 'user', key, now, spendNonce };
    const request = signed();
    const forged = { ...request, body: 'forged' };
    expect(() => verifyRequest(forged, options)).toThrow('the signature does not match');
    expect(verifyRequest(request, options)).toEqual(shopper);
    expect(() => verifyRequest(request, options)).toThrow(
      new UnsignedRequestError('the request was sent before'),
    );
    expect(verifyRequest(signed(), options)).toEqual(shopper);
  });

  test('with two idempotency keys', () => {
    refused(withHeader(HEADER.idempotencyKey, ['a', 'b'])).toThrow(
      new UnsignedRequestError('the idempotency key is repeated'),
    );
  });

  test('from too long ago, or from too far ahead', () => {
    const stale = new UnsignedRequestError('the timestamp is too far off');

    refused(signed(), { now: now + 301_000 }).toThrow(stale);
    refused(signed(), { now: now - 301_000 }).toThrow(stale);
  });

  test.each(['', '-1', '1e9', ' 1767225600', '1767225600.5', '9999999999999'])(
    'with %j for a time',
    (timestamp) => {
      refused(withHeader(HEADER.timestamp, timestamp)).toThrow(
        new UnsignedRequestError('the timestamp is not a number of seconds'),
      );
    },
  );
});
