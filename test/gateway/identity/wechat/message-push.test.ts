/** Pushed messages: who is believed, and that each has its effect once. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMessagePush } from '../../../../gateway/identity/wechat/message-push.ts';
import { createSeenMessages } from '../../../../gateway/identity/wechat/seen-messages.ts';
import type { WechatUserEvent } from '../../../../gateway/identity/wechat/user-event.ts';
import { type Push, pushMessage, verifyAddress } from '../../../../wechat-simulator/push-message.ts';
import { type FakeWechat, startFakeWechat } from '../../../support/fake-wechat.ts';

const nowMs = 1_800_000_000_000;
const clock = { now: nowMs };
const push = { token: 'token-of-a', encodingAesKey: 'a'.repeat(43) };
const apps = new Map([
  ['wx1', { push }],
  ['wx2', { push: { token: 'token-of-b', encodingAesKey: 'b'.repeat(43) } }],
  ['wx3', { push: undefined }],
]);

/** What WeChat would send, caught. */
let caught: { query: Record<string, string>; body: Buffer };
let catcher: FakeWechat;
let told: WechatUserEvent[];
let deal: (event: WechatUserEvent) => Promise<void>;
let seen: ReturnType<typeof createSeenMessages>;

beforeEach(async () => {
  clock.now = nowMs;
  told = [];
  deal = async () => {};
  seen = createSeenMessages({ now: () => clock.now });
  catcher = await startFakeWechat((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { searchParams } = new URL(`${request.url}`, 'http://x');
      caught = { query: Object.fromEntries(searchParams), body: Buffer.concat(chunks) };
      response.end();
    });
  });
});
afterEach(() => catcher.close());

function createPush({ timeoutMs = 4_000 } = {}) {
  return createMessagePush({
    apps,
    seen,
    now: () => clock.now,
    onUserEvent: (event) => {
      told.push(event);
      return deal(event);
    },
    timeoutMs,
  });
}

const revocation = {
  ToUserName: 'gh_1',
  FromUserName: 'o-platform',
  CreateTime: 1_800_000_000,
  MsgType: 'event',
  Event: 'user_authorization_revoke',
  OpenID: 'o-anna',
  AppID: 'wx1',
  RevokeInfo: '8',
};

async function seal(change: Partial<Push> = {}): Promise<typeof caught> {
  await pushMessage(
    {
      url: catcher.url,
      appId: 'wx1',
      ...push,
      message: revocation,
      format: 'json',
      timestamp: nowMs / 1000,
      ...change,
    },
    randomBytes,
  );
  return caught;
}

test.each(['json', 'xml'] as const)(
  'a message in %s is opened and told of once, however often it comes',
  async (format) => {
    const { receive } = createPush();
    const { query, body } = await seal({ format });

    await Promise.all([receive('wx1', query, body), receive('wx1', query, body)]);
    await receive(undefined, query, body);
    const again = await seal({ format, timestamp: nowMs / 1000 + 5 });
    await receive('wx1', again.query, again.body);

    expect(told).toEqual([
      {
        ...{ id: expect.stringMatching(/^[\w-]{43}$/), kind: 'user_authorization_revoke' },
        ...{ appId: 'wx1', openid: 'o-anna', revokeInfo: [8] },
      },
    ]);
  },
);

test('two people who withdraw in the same second, and one who withdraws two things, are all told of', async () => {
  const { receive } = createPush();
  for (const change of [{}, { OpenID: 'o-bert' }, { RevokeInfo: '2' }, { Event: 'user_info_modified' }]) {
    const { query, body } = await seal({ message: { ...revocation, ...change } });
    await receive('wx1', query, body);
  }
  expect(told.map(({ kind, openid, revokeInfo }) => [kind, openid, revokeInfo])).toEqual([
    ['user_authorization_revoke', 'o-anna', [8]],
    ['user_authorization_revoke', 'o-bert', [8]],
    ['user_authorization_revoke', 'o-anna', [2]],
    ['user_info_modified', 'o-anna', [6]],
  ]);
});

test('a closed account means everything', async () => {
  const { receive } = createPush();
  const { query, body } = await seal({
    message: { ...revocation, Event: 'user_authorization_cancellation' },
  });
  await receive('wx1', query, body);
  expect(told).toMatchObject([{ kind: 'user_authorization_cancellation', revokeInfo: 'all' }]);
});

test.each([
  ['of another kind', { Event: 'wxa_media_check' }],
  ['that is text', { MsgType: 'text' }],
  ['of another app', { AppID: 'wx2' }],
  ['that names nobody', { OpenID: '' }],
])('a message %s is taken and passed by', async (_what, change) => {
  const { receive } = createPush();
  const { query, body } = await seal({ message: { ...revocation, ...change } });
  await receive('wx1', query, body);
  expect(told).toEqual([]);
});

test('a message that could not be dealt with is dealt with when WeChat sends it again', async () => {
  const { receive } = createPush();
  const { query, body } = await seal();
  deal = () => Promise.reject(new Error('the store is away'));
  await expect(receive('wx1', query, body)).rejects.toThrow('the store is away');
  deal = async () => {};
  await receive('wx1', query, body);
  await receive('wx1', query, body);
  expect(told).toHaveLength(2);
});

test('work that takes too long is refused in time, and the repetition waits for the same work', async () => {
  const { receive } = createPush({ timeoutMs: 50 });
  const { query, body } = await seal();
  const { promise, resolve } = Promise.withResolvers<void>();
  deal = () => promise;
  await expect(receive('wx1', query, body)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  await expect(receive('wx1', query, body)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  const repeated = receive('wx1', query, body);
  resolve();
  await repeated;
  expect(told).toHaveLength(1);
});

test('messages dealt with on another gateway are not dealt with here', async () => {
  const [one, other] = [createPush(), createPush()];
  const { query, body } = await seal();
  await one.receive('wx1', query, body);
  await other.receive('wx1', query, body);
  expect(told).toHaveLength(1);
});

const notSigned = { code: 'SIGNATURE_INVALID', status: 403 };

test.each([
  ['by another token', { token: 'another' }, {}],
  ['with another key', { encodingAesKey: 'c'.repeat(43) }, {}],
  ['for another app', { appId: 'wx2' }, {}],
  ['6 minutes ago', { timestamp: nowMs / 1000 - 301 }, {}],
  ['6 minutes ahead', { timestamp: nowMs / 1000 + 301 }, {}],
  ['at no time', {}, { timestamp: 'now' }],
  ['at another time', {}, { timestamp: `${nowMs / 1000 + 1}` }],
  ['with another nonce', {}, { nonce: '1' }],
  ['without the signature over the message', {}, { msg_signature: undefined }],
])('a message signed %s is not believed', async (_what, change, inQuery) => {
  const { receive } = createPush();
  const { query, body } = await seal(change);
  await expect(receive('wx1', { ...query, ...inQuery }, body)).rejects.toMatchObject(notSigned);
  expect(told).toEqual([]);
});

test('a message in plain text is not believed, for its signature covers none of it', async () => {
  const { receive } = createPush();
  const { query } = await seal();
  const { msg_signature: _, ...plainQuery } = query;
  const plain = Buffer.from(JSON.stringify(revocation));
  await expect(receive('wx1', plainQuery, plain)).rejects.toMatchObject(notSigned);
  await expect(receive('wx1', query, plain)).rejects.toMatchObject(notSigned);
});

test('a body without a sealed message is not believed', async () => {
  const { receive } = createPush();
  const { query } = await seal();
  for (const text of ['', '<html', '[]', '<!DOCTYPE x><xml/>', '{"Encrypt":""}']) {
    await expect(receive('wx1', query, Buffer.from(text))).rejects.toMatchObject(notSigned);
  }
});

test.each(['wx3', 'wx4', '__proto__'])(
  '%s, for which nothing is set up, takes no messages',
  async (appId) => {
    const { receive, verifyAddress: verify } = createPush();
    const { query, body } = await seal();
    await expect(receive(appId, query, body)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(() => verify(appId, query)).toThrow('Nothing is served');
  },
);

test('the address is verified by echoing what was signed', async () => {
  const { verifyAddress: verify } = createPush();
  const { echostr } = await verifyAddress(
    { url: catcher.url, ...push, timestamp: nowMs / 1000 },
    randomBytes,
  );
  const { query } = caught;

  expect(verify('wx1', query)).toBe(echostr);
  expect(verify(undefined, query)).toBe(echostr);
  expect(() => verify('wx2', query)).toThrow('does not hold');
  expect(() => verify('wx1', { ...query, echostr: '<script>' })).toThrow('does not hold');
  expect(() => verify('wx1', { ...query, nonce: 'x' })).toThrow('does not hold');
  clock.now += 301_000;
  expect(() => verify('wx1', query)).toThrow('does not hold');
});

test('what another gateway is at is not reported as done, and is taken over when that gateway is gone', async () => {
  const [one, other] = [createPush(), createPush()];
  const { query, body } = await seal();
  deal = () => new Promise(() => {});
  void one.receive('wx1', query, body).catch(() => {});
  await expect(other.receive('wx1', query, body)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });

  clock.now += 6_000;
  deal = async () => {};
  await other.receive('wx1', query, body);
  expect(told).toHaveLength(2);
});

test('what was seen is forgotten after a while, and the oldest first when there is too much', async () => {
  const few = createSeenMessages({ now: () => clock.now, maxMessages: 2 });
  const see = async (id: string): Promise<string> => {
    const state = await few.begin(id);
    if (state === 'new') await few.finish(id);
    return state;
  };
  expect([await see('a'), await see('a'), await see('b')]).toEqual(['new', 'done', 'new']);
  expect([await see('c'), await see('b'), await see('a')]).toEqual(['new', 'done', 'new']);
  clock.now += 900_000;
  expect(await see('a')).toBe('new');
});
