import { expect, test } from 'vitest';
import { parseRange } from '../../../gateway/address.ts';
import { createToClientAddress } from '../../../gateway/admission/client-address.ts';

const trusted = ['10.0.0.0/8', '2001:db8:aaaa::/48'].flatMap((text) => parseRange(text) ?? []);

/** The client's address, and how often the warning was given. */
function askedBy(peer: string, forwardedFor?: string): [address: string, warnings: number] {
  let warnings = 0;
  const toClientAddress = createToClientAddress(trusted, () => {
    warnings += 1;
  });
  return [toClientAddress(peer, forwardedFor), warnings];
}

test.each([
  ['203.0.113.7', undefined],
  ['203.0.113.7', '8.8.8.8'],
  ['203.0.113.7', '10.0.0.1, 8.8.8.8'],
  ['::ffff:203.0.113.7', '10.0.0.1'],
])('X-01 a direct caller %s that forges %s is itself', (peer, forwardedFor) => {
  expect(askedBy(peer, forwardedFor)).toEqual(['203.0.113.7', forwardedFor === undefined ? 0 : 1]);
});

test.each([
  ['no header', '10.0.0.1', undefined, '10.0.0.1'],
  ['one client', '10.0.0.1', '203.0.113.7', '203.0.113.7'],
  ['a client that wrote an address itself', '10.0.0.1', '8.8.8.8, 203.0.113.7', '203.0.113.7'],
  ['a client that wrote a proxy of ours', '10.0.0.1', '10.9.9.9, 203.0.113.7', '203.0.113.7'],
  ['two proxies', '10.0.0.1', '8.8.8.8, 203.0.113.7, 10.0.0.2', '203.0.113.7'],
  ['a proxy that was reached by IPv6', '2001:db8:aaaa::1', '203.0.113.7', '203.0.113.7'],
  ['a mapped client', '::ffff:10.0.0.1', '::ffff:203.0.113.7', '203.0.113.7'],
  ['a client of ours', '10.0.0.1', '10.0.0.3', '10.0.0.3'],
  ['an IPv6 client', '10.0.0.1', '2001:DB8::0:1', '2001:db8:0:0:0:0:0:1'],
  ['octets with zeros', '10.0.0.1', '203.0.113.007', '10.0.0.1'],
  ['octets with zeros before a proxy', '10.0.0.1', '010.1.1.1, 10.0.0.2', '10.0.0.2'],
  ['an address with a port', '10.0.0.1', '203.0.113.7:4711', '10.0.0.1'],
  ['nothing between commas', '10.0.0.1', ',,', '10.0.0.1'],
])('X-02 of %s the nearest untrusted address counts', (_title, peer, forwardedFor, address) => {
  expect(askedBy(peer, forwardedFor)).toEqual([address, 0]);
});

test('a socket without an address has none', () => {
  expect(askedBy('', '10.0.0.1')).toEqual(['', 0]);
});
