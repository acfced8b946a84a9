/** A login code is exchanged once: who shares the outcome, who is refused, and for how long that is kept. */
import { expect, test } from 'vitest';
import { RequestError } from '../../../../gateway/errors.ts';
import { createOncePerCode } from '../../../../gateway/identity/wechat/once-per-code.ts';

const clock = { now: 1_800_000_000_000 };
const create = (options: { mayRepeat?: boolean; maxCodes?: number } = {}) =>
  createOncePerCode<string>({ now: () => clock.now, mayRepeat: false, ...options });
const code = { appId: 'wx1', code: 'c1', idempotencyKey: undefined };
const used = { code: 'CODE_USED' };

/** An exchange that counts how often it is made and is settled by hand. */
function exchanges() {
  const made: PromiseWithResolvers<string>[] = [];
  return {
    made,
    exchange: () => {
      const next = Promise.withResolvers<string>();
      made.push(next);
      return next.promise;
    },
  };
}

test('while an exchange is under way others wait for it, and then the code is used', async () => {
  const once = create();
  const { made, exchange } = exchanges();
  const [first, second] = [once(code, exchange), once(code, exchange)];

  made[0]?.resolve('session');

  expect(await first).toBe('session');
  await expect(second).rejects.toMatchObject(used);
  await expect(once(code, exchange)).rejects.toMatchObject(used);
  expect(made).toHaveLength(1);
});

test('codes of two apps are two codes', async () => {
  const once = create();
  expect(await once(code, async () => 'one')).toBe('one');
  expect(await once({ ...code, appId: 'wx2' }, async () => 'two')).toBe('two');
});

test.each([
  ['LOGIN_UNAVAILABLE', 0],
  ['RATE_LIMITED', 0],
  ['INVALID_CODE', 60_000],
  ['CODE_USED', 60_000],
  ['USER_BLOCKED', 60_000],
] as const)('%s is shared by all who wait, and kept for %i ms', async (refusal, keptMs) => {
  const once = create();
  const { made, exchange } = exchanges();
  const waiting = [once(code, exchange), once(code, exchange)];
  made[0]?.reject(new RequestError(refusal, 'No.'));
  for (const each of waiting) await expect(each).rejects.toMatchObject({ code: refusal });

  clock.now += Math.max(0, keptMs - 1);
  if (keptMs > 0) await expect(once(code, exchange)).rejects.toMatchObject({ code: refusal });
  expect(made).toHaveLength(1);
  clock.now += 1;
  const again = once(code, exchange);
  made[1]?.resolve('session');
  expect(await again).toBe('session');
});

test('a fault is not kept', async () => {
  const once = create();
  await expect(once(code, () => Promise.reject(new TypeError('oops')))).rejects.toThrow('oops');
  expect(await once(code, async () => 'session')).toBe('session');
});

test('in development a code may be used again', async () => {
  const once = create({ mayRepeat: true });
  expect([await once(code, async () => 'one'), await once(code, async () => 'two')]).toEqual(['one', 'two']);
});

test('the oldest codes make room', async () => {
  const once = create({ maxCodes: 2 });
  for (const each of ['c1', 'c2', 'c3']) await once({ ...code, code: each }, async () => each);
  await expect(once({ ...code, code: 'c3' }, async () => 'x')).rejects.toMatchObject(used);
  expect(await once(code, async () => 'again')).toBe('again');
});
