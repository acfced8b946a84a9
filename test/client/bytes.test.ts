import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { fromBase64, toHex, toUtf8 } from '../../client/bytes.ts';

it.each([
  '',
  'aß中😀',
  '\0\u007f\u0080\u07ff\u0800\uffff\u{10000}\u{10ffff}',
  'half \ud83d and \ude00',
  '\ud83d',
])('UTF-8 of %j is what Node writes', (text) => {
  expect(toHex(toUtf8(text))).toBe(Buffer.from(text, 'utf8').toString('hex'));
});

it('base64 is read as Node writes it, at every length', () => {
  for (let length = 0; length < 70; length += 1) {
    const bytes = randomBytes(length);
    expect(toHex(fromBase64(bytes.toString('base64')))).toBe(bytes.toString('hex'));
  }
});
