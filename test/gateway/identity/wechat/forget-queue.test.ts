/** What could not be deleted is tried again, for a day, and is never lost in silence. */
import { expect, test } from 'vitest';
import { createForgetQueue } from '../../../../gateway/identity/wechat/forget-queue.ts';
import type { WechatUserEvent } from '../../../../gateway/identity/wechat/user-event.ts';
import { createManualTimers } from '../../../support/manual-timers.ts';

const event = (id: string): WechatUserEvent => ({
  ...{ id, kind: 'user_authorization_revoke', appId: 'wx1', openid: 'o-anna', revokeInfo: [6] },
});

function startQueue(options: { maxTries?: number; maxWaiting?: number } = {}) {
  const state = { isAway: true, tries: 0 };
  const told: string[] = [];
  const timers = createManualTimers();
  const queue = createForgetQueue({
    timers,
    ...options,
    async forget() {
      state.tries += 1;
      if (state.isAway) throw new Error('away');
    },
    onOutcome: (outcome, { id }) => told.push(`${id} ${outcome}`),
  });
  /** Until all that has become due has been answered. */
  const advance = async (ms: number): Promise<void> => {
    timers.advance(ms);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { state, told, queue, advance };
}

test('what succeeds is tried once', async () => {
  const { state, told, queue, advance } = startQueue();
  state.isAway = false;
  await queue.forget(event('a'));
  await advance(86_400_000);
  expect([told, state.tries]).toEqual([['a done'], 1]);
});

test('what fails is tried again after 1, 2, 4 … s, until it succeeds', async () => {
  const { state, told, queue, advance } = startQueue();
  await expect(queue.forget(event('a'))).rejects.toThrow('away');
  for (const [pauseMs, tries] of [
    [999, 1],
    [1, 2],
    [1_999, 2],
    [1, 3],
    [4_000, 4],
  ] as const) {
    await advance(pauseMs);
    expect(state.tries).toBe(tries);
  }
  state.isAway = false;
  await advance(8_000);
  expect(told).toEqual(['a waiting', 'a waiting', 'a waiting', 'a waiting', 'a done']);
});

test('pauses grow to five minutes, and after the last try the event is told as lost', async () => {
  const { state, told, queue, advance } = startQueue({ maxTries: 12 });
  await queue.forget(event('a')).catch(() => {});
  for (let tries = 1; tries < 9; tries += 1) await advance(1_000 * 2 ** tries);
  await advance(300_000);
  await advance(300_000);
  expect([state.tries, told.at(-1)]).toEqual([11, 'a waiting']);
  await advance(300_000);
  await advance(86_400_000);
  expect([state.tries, told.at(-1)]).toEqual([12, 'a lost']);
});

test('WeChat’s repetition of what waits is a try of its own, and the only one that goes on', async () => {
  const { state, told, queue, advance } = startQueue();
  await queue.forget(event('a')).catch(() => {});
  state.isAway = false;
  await Promise.all([queue.forget(event('a')), queue.forget(event('a'))]);
  await advance(86_400_000);
  expect([told, state.tries]).toEqual([['a waiting', 'a done'], 2]);
});

test('what still waits at the end is told as lost, one by one', async () => {
  const { state, told, queue, advance } = startQueue();
  for (const id of ['a', 'b']) await queue.forget(event(id)).catch(() => {});
  queue.close();
  await advance(86_400_000);
  expect([told, state.tries]).toEqual([['a waiting', 'b waiting', 'a lost', 'b lost'], 2]);
});

test('beyond the most that may wait, an event is told as lost at once', async () => {
  const { told, queue } = startQueue({ maxWaiting: 1 });
  for (const id of ['a', 'b']) await queue.forget(event(id)).catch(() => {});
  expect(told).toEqual(['a waiting', 'b lost']);
});
