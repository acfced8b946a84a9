/** HMAC-SHA256 (RFC 2104, FIPS 180-4): mini-programs have no cryptography of their own. */

const blockBytes = 64;

/** The first 32 bits of the fractions of the cube roots (or of others) of the first primes, as the standard has them. */
function fractions(count: number, root: number): Uint32Array {
  const found = new Uint32Array(count);
  let filled = 0;
  for (let candidate = 2; filled < count; candidate += 1) {
    if (!isPrime(candidate)) continue;
    const power = candidate ** (1 / root);
    found[filled] = (power - Math.floor(power)) * 4294967296;
    filled += 1;
  }
  return found;
}

function isPrime(candidate: number): boolean {
  for (let factor = 2; factor * factor <= candidate; factor += 1) {
    if (candidate % factor === 0) return false;
  }
  return true;
}

const roundConstants = fractions(64, 3);

export function sha256(message: Uint8Array): Uint8Array {
  const state = fractions(8, 2);
  const padded = pad(message);
  const schedule = new Uint32Array(64);
  for (let block = 0; block < padded.length; block += 16) {
    schedule.set(padded.subarray(block, block + 16));
    mix(state, schedule);
  }
  const digest = new Uint8Array(32);
  for (let at = 0; at < 32; at += 1) digest[at] = (state[at >> 2] as number) >>> (24 - (at % 4) * 8);
  return digest;
}

export function hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array {
  const short = key.length > blockBytes ? sha256(key) : key;
  const inner = new Uint8Array(blockBytes + message.length).fill(0x36, 0, blockBytes);
  const outer = new Uint8Array(blockBytes + 32).fill(0x5c, 0, blockBytes);
  short.forEach((byte, at) => {
    inner[at] = byte ^ 0x36;
    outer[at] = byte ^ 0x5c;
  });
  inner.set(message, blockBytes);
  outer.set(sha256(inner), blockBytes);
  return sha256(outer);
}

/** Big-endian words: the message, a one, zeros, and its length in bits. */
function pad(message: Uint8Array): Uint32Array {
  const words = new Uint32Array(((message.length + 8) >> 6) * 16 + 16);
  const put = (byte: number, at: number): void => {
    words[at >> 2] = (words[at >> 2] as number) | (byte << (24 - (at % 4) * 8));
  };
  message.forEach(put);
  put(0x80, message.length);
  words[words.length - 1] = message.length * 8;
  return words;
}

/** Plain assignments: phones run this without a compiler that would see through anything shorter. */
function mix(state: Uint32Array, schedule: Uint32Array): void {
  for (let at = 16; at < 64; at += 1) {
    const early = schedule[at - 15] as number;
    const late = schedule[at - 2] as number;
    schedule[at] =
      (schedule[at - 16] as number) +
      (rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3)) +
      (schedule[at - 7] as number) +
      (rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10));
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let at = 0; at < 64; at += 1) {
    const first =
      h +
      (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
      ((e & f) ^ (~e & g)) +
      (roundConstants[at] as number) +
      (schedule[at] as number);
    const second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((value, at) => {
    state[at] = (state[at] as number) + value;
  });
}

function rotate(value: number, bits: number): number {
  return (value >>> bits) | (value << (32 - bits));
}
