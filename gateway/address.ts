/** Network addresses and ranges of them, each in one form, so that none has two names. */
import { isIPv4, isIPv6 } from 'node:net';

/** An address in 128 bits, IPv4 as IPv6 maps it. */
export type AddressBits = bigint;

export interface AddressRange {
  readonly bits: AddressBits;
  /** How many of the 128 bits count, from the first. */
  readonly length: number;
}

const mappedPrefix = 0xffffn;
const mappedLength = 96;

/** `undefined` for text that is no address; octets with leading zeros, which some read as octal, are none. */
export function parseAddress(text: string): AddressBits | undefined {
  const [bare = ''] = text.split('%');
  if (isIPv4(bare)) return (mappedPrefix << 32n) | BigInt(parseIpv4(bare));
  if (!isIPv6(bare)) return undefined;
  const [head = '', tail] = bare.split('::');
  const before = toGroups(head);
  const after = toGroups(tail ?? '');
  const missing = Array.from({ length: 8 - before.length - after.length }, () => 0);
  return [...before, ...missing, ...after].reduce((bits, group) => (bits << 16n) | BigInt(group), 0n);
}

/** The address in its one form: `203.0.113.7`, or eight groups as in `2001:db8:0:0:0:0:0:1`. */
export function toAddressText(bits: AddressBits): string {
  if (bits >> 32n === mappedPrefix) return toOctets(Number(bits & 0xffff_ffffn)).join('.');
  return toHexGroups(bits).join(':');
}

/**
 * What one network subscriber holds of the address space: an IPv4 address, or the first 64 bits of an IPv6 one, who would
 * else have 2^64 addresses and as many budgets. Text that is no address stays as it is.
 */
export function toAddressBlock(address: string): string {
  if (isIPv4(address)) return address;
  const bits = parseAddress(address);
  if (bits === undefined) return address;
  return bits >> 32n === mappedPrefix
    ? toAddressText(bits)
    : `${toHexGroups(bits).slice(0, 4).join(':')}::/64`;
}

/**
 * A range such as `10.0.0.0/8`, or an address alone. `undefined` for anything else.
 *
 * @param ipv6Length how many bits count of an IPv6 address alone
 */
export function parseRange(text: string, ipv6Length = 128): AddressRange | undefined {
  const [, address = '', prefix] = /^([^/%]+)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? [];
  const bits = parseAddress(address);
  if (bits === undefined) return undefined;
  const isMapped = bits >> 32n === mappedPrefix;
  const own = isMapped ? 128 : ipv6Length;
  const length = prefix === undefined ? own : Number(prefix) + (isIPv4(address) ? mappedLength : 0);
  if (length > 128) return undefined;
  const rest = BigInt(128 - length);
  return { bits: (bits >> rest) << rest, length };
}

/** The range in its one form. */
export function toRangeText({ bits, length }: AddressRange): string {
  const isMapped = bits >> 32n === mappedPrefix && length >= mappedLength;
  return `${toAddressText(bits)}/${isMapped ? length - mappedLength : length}`;
}

/** Finds the value of the narrowest range that holds an address, however many there are. */
export function createRangeMap<T>(
  entries: Iterable<readonly [AddressRange, T]>,
): (bits: AddressBits) => T | undefined {
  const byRest = new Map<bigint, Map<bigint, T>>();
  for (const [{ bits, length }, value] of entries) {
    const rest = BigInt(128 - length);
    const ranges = byRest.get(rest) ?? new Map<bigint, T>();
    byRest.set(rest, ranges.set(bits >> rest, value));
  }
  const narrowestFirst = [...byRest].sort(([a], [b]) => Number(a - b));
  return (bits) => {
    for (const [rest, ranges] of narrowestFirst) {
      const value = ranges.get(bits >> rest);
      if (value !== undefined) return value;
    }
    return undefined;
  };
}

function parseIpv4(text: string): number {
  return text.split('.').reduce((bits, octet) => bits * 256 + Number(octet), 0);
}

function toOctets(bits: number): number[] {
  return [bits >>> 24, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255];
}

function toHexGroups(bits: AddressBits): string[] {
  return Array.from({ length: 8 }, (_, index) => ((bits >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
}

/** Of one side of `::`; its end may be written as IPv4. */
function toGroups(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const bits = parseIpv4(group);
    return [Math.floor(bits / 65_536), bits % 65_536];
  });
}
