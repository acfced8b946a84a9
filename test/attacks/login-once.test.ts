/** Attacks by codes that arrive more than once: a code is one login, and junk is asked about once. */
import { expect } from 'vitest';
import { createAttack } from '../support/attack.ts';
import { type Answer, appId, type Send } from '../support/attack-world.ts';

const gatewayClock = { aheadMs: 0 };
const attack = createAttack({ dev: false, now: () => Date.now() + gatewayClock.aheadMs });

const login = (body: object, headers = {}): Send => ({ path: '/auth/wechat/login', headers, body });
const invalidCode = { status: 401, code: 'INVALID_CODE', fetches: 0 };
const exchangePath = '/sns/jscode2session';
const codeOf = ({ json }: Answer): unknown => json?.errors?.[0]?.extensions?.code ?? 'OK';

attack('W-01', 'of 50 logins by one code at once one gets a session; WeChat is asked once', {
  send: async (world) => {
    const body = { appId, code: await world.loginCode('o-storm') };
    const callsBefore = world.wechatCalls(exchangePath);
    const answers = await Promise.all(Array.from({ length: 50 }, () => world.ask(login(body))));
    expect(answers.map(codeOf).sort()).toEqual([...Array(49).fill('CODE_USED'), 'OK']);
    expect(world.wechatCalls(exchangePath) - callsBefore).toBe(1);
    return login(body);
  },
  expect: { status: 401, code: 'CODE_USED', fetches: 0 },
});

attack('W-01', 'a login that the network repeats gets the same session again', {
  send: async (world) => {
    const body = { appId, code: await world.loginCode('o-twice') };
    const headers = { 'idempotency-key': '0123456789abcdef0123456789abcdef' };
    const callsBefore = world.wechatCalls(exchangePath);
    const answers = await Promise.all(Array.from({ length: 5 }, () => world.ask(login(body, headers))));
    const again = await world.ask(login(body, headers));
    expect(new Set([...answers, again].map(({ text }) => text)).size).toBe(1);
    expect(again.status).toBe(200);
    expect(world.wechatCalls(exchangePath) - callsBefore).toBe(1);
    return login(body, { 'idempotency-key': 'fedcba9876543210fedcba9876543210' });
  },
  expect: { status: 401, code: 'CODE_USED', fetches: 0 },
});

attack('W-01', 'a repeated login gets no session back once a minute has passed', {
  send: async (world) => {
    const body = { appId, code: await world.loginCode('o-later') };
    const headers = { 'idempotency-key': '0123456789abcdef0123456789abcdef' };
    expect((await world.ask(login(body, headers))).status).toBe(200);
    gatewayClock.aheadMs += 60_000;
    return login(body, headers);
  },
  expect: { status: 401, code: 'CODE_USED', fetches: 0 },
});

attack('W-02', 'a code that WeChat refused is refused for 60 s without asking, and then asked about again', {
  send: async (world) => {
    const refused = login({ appId, code: 'junk-that-comes-again-and-again' });
    const callsBefore = world.wechatCalls(exchangePath);
    for (let round = 0; round < 20; round += 1) await world.ask(refused);
    gatewayClock.aheadMs += 59_000;
    await world.ask(refused);
    expect(world.wechatCalls(exchangePath) - callsBefore).toBe(1);
    gatewayClock.aheadMs += 2_000;
    await world.ask(refused);
    expect(world.wechatCalls(exchangePath) - callsBefore).toBe(2);
    return refused;
  },
  expect: invalidCode,
});
