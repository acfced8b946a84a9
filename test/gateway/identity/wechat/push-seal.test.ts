/** The seal of pushed messages, held against the examples of WeChat's page on message push. */
import { expect, test } from 'vitest';
import { findSealed, isSignedBy, openPush } from '../../../../gateway/identity/wechat/push-seal.ts';

const appId = 'wxba5fad812f8e6fb9';
const keys = { token: 'AAAAA', encodingAesKey: 'A'.repeat(43) };
const sealed = [
  '+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv',
  '6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNq',
  'J4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04=',
].join('');

test('the address is verified by token, timestamp and nonce', () => {
  const signature = 'f464b24fc39322e44b38aa78f5edd27bd1441696';
  expect(isSignedBy(signature, ['AAAAA', '1714036504', '1514711492'])).toBe(true);
  expect(isSignedBy(signature, ['AAAAB', '1714036504', '1514711492'])).toBe(false);
  expect(isSignedBy(`${signature}0`, ['AAAAA', '1714036504', '1514711492'])).toBe(false);
});

test('a message is verified by its seal too', () => {
  const parts = ['AAAAA', '1714112445', '415670741', sealed];
  expect(isSignedBy('046e02f8204d34f8ba5fa3b1db94908f3df2e9b3', parts)).toBe(true);
  expect(isSignedBy('6c5c811b55cc85e0e1b54100749188c20beb3f5d', parts)).toBe(false);
});

test.each([
  ['JSON', '{"ToUserName":"gh_1","Encrypt":"+a/b=="}'],
  ['JSON with blanks', '{ " ToUserName": " gh_1", " Encrypt ": " +a/b== " }'],
  ['JSON that escapes slashes', '{"Encrypt":"+a\\/b=="}'],
  ['XML', '<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt><![CDATA[+a/b==]]></Encrypt></xml>'],
  ['XML with blanks and no CDATA', '<xml>\n  < Encrypt >\n +a/b==\n</ Encrypt ></xml>'],
])('the sealed message is found in %s', (_what, text) => {
  expect(findSealed(Buffer.from(text))).toBe('+a/b==');
});

test('64 KB without one are looked through in a few milliseconds', () => {
  const parts = ['"', '" ', '"Encrypt', '"Encrypt":"', '<', '< ', '<Encrypt', '<Encrypt>', ' ', 'A'];
  for (const part of [...parts, '<Encrypt><![CDATA[', '{"a":1},']) {
    const startedAt = process.threadCpuUsage();
    expect(findSealed(Buffer.from(part.repeat(65_536 / part.length)))).toBeUndefined();
    const { user, system } = process.threadCpuUsage(startedAt);
    expect((user + system) / 1_000).toBeLessThan(20);
  }
});

test('a sealed message is opened for its app alone', () => {
  expect(openPush(sealed, keys, appId)).toBe(
    '{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY","CreateTime":1714112445,' +
      '"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}',
  );
  expect(openPush(sealed, keys, 'wxba5fad812f8e6fb8')).toBeUndefined();
});

test.each([
  ['with another key', sealed, { ...keys, encodingAesKey: 'B'.repeat(43) }],
  ['cut', sealed.slice(0, 64), keys],
  ['empty', '', keys],
  ['of half a block', 'AAAA', keys],
  ['of nothing but zeros', Buffer.alloc(64).toString('base64'), keys],
])('a message sealed %s is not opened', (_what, text, by) => {
  expect(openPush(text, by, appId)).toBeUndefined();
});
