import { describe, expect, test } from 'vitest';
import {
  createRangeMap,
  parseAddress,
  parseRange,
  toAddressBlock,
  toAddressText,
  toRangeText,
} from '../../gateway/address.ts';

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['::FFFF:cb00:7107', '203.0.113.7'],
  ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8::1', '2001:db8:0:0:0:0:0:1'],
  ['2001:0DB8:0::0:0001', '2001:db8:0:0:0:0:0:1'],
  ['64:ff9b::1.2.3.4', '64:ff9b:0:0:0:0:102:304'],
  ['fe80::1%eth0', 'fe80:0:0:0:0:0:0:1'],
  ['::', '0:0:0:0:0:0:0:0'],
])('%s is the address %s', (text, address) => {
  expect(toAddressText(parseAddress(text) ?? -1n)).toBe(address);
});

test.each([
  '',
  'nonsense',
  '010.0.0.1',
  '10.0.0.01',
  '10.0.1',
  '0x0a000001',
  '1.2.3.4:80',
  '[::1]',
  '1::2::3',
])('X-02 “%s” is no address', (text) => {
  expect([parseAddress(text), parseRange(text)]).toEqual([undefined, undefined]);
});

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8:0:0:1:2:3:4', '2001:db8:0:0::/64'],
  ['2001:0DB8:0:0::', '2001:db8:0:0::/64'],
  ['2001:db8:1:2:3::', '2001:db8:1:2::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['nonsense', 'nonsense'],
])('%s belongs to %s', (address, block) => {
  expect(toAddressBlock(address)).toBe(block);
});

describe('a range', () => {
  test.each([
    ['10.1.2.3/8', '10.0.0.0/8'],
    ['::ffff:10.1.2.3/104', '10.0.0.0/8'],
    ['10.1.2.3', '10.1.2.3/32'],
    ['2001:db8::1', '2001:db8:0:0:0:0:0:0/64'],
    ['2001:db8::1/128', '2001:db8:0:0:0:0:0:1/128'],
    ['::/0', '0:0:0:0:0:0:0:0/0'],
  ])('%s is %s', (text, range) => {
    const parsed = parseRange(text, 64);
    expect(parsed && toRangeText(parsed)).toBe(range);
  });

  test.each(['10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0.0/08', '10.0.0.0/8/8', 'fe80::1%eth0', '/8'])(
    '%s is none',
    (text) => {
      expect(parseRange(text)).toBeUndefined();
    },
  );

  test('is found by the addresses in it, the narrowest first', () => {
    const texts = ['10.0.0.0/8', '10.1.0.0/16', '2001:db8::/32'];
    const find = createRangeMap(texts.map((text) => [parseRange(text) ?? { bits: 0n, length: 0 }, text]));
    const addresses = ['10.2.0.1', '10.1.0.1', '::ffff:10.1.0.1', '2001:db8:1::1', '11.0.0.1'];
    expect(addresses.map((address) => find(parseAddress(address) ?? 0n))).toEqual([
      '10.0.0.0/8',
      '10.1.0.0/16',
      '10.1.0.0/16',
      '2001:db8::/32',
      undefined,
    ]);
  });
});
