/** The way to WeChat's server: what is asked again and what is not, and what the log learns. */
import type { RequestListener } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import {
  createWechatConnection,
  type WechatCall,
  type WechatTrouble,
} from '../../../../gateway/identity/wechat/call-wechat.ts';
import { type FakeWechat, startFakeWechat } from '../../../support/fake-wechat.ts';

const running: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const part of running.splice(0).reverse()) await part.close();
});

const secret = 'a-secret-that-only-wechat-may-see';

async function start(answers: readonly (string | RequestListener)[], timeoutMs = 2_000) {
  let next = 0;
  const fake: FakeWechat = await startFakeWechat((request, response) => {
    const answer = answers[Math.min(next, answers.length - 1)];
    next += 1;
    if (typeof answer === 'function') answer(request, response);
    else response.end(answer);
  });
  running.push(fake);
  return { fake, ...connect(fake.url, timeoutMs) };
}

function connect(url: string, timeoutMs = 2_000) {
  const troubles: WechatTrouble[] = [];
  const connection = createWechatConnection({
    baseUrl: new URL(url),
    timeoutMs,
    onTrouble: (trouble) => troubles.push(trouble),
    random: () => 0,
  });
  running.push(connection);
  const ask = (repeatable: boolean, change: Partial<WechatCall> = {}) =>
    connection.call({
      appId: 'wx1',
      method: 'GET',
      path: '/wxa/x',
      query: { secret },
      repeatable,
      ...change,
    });
  return { troubles, ask };
}

const busy = '{"errcode":-1,"errmsg":"system error, rid: 65af1b2c-1a2b3c4d-00ff00ff"}';
const ok = '{"errcode":0,"value":1}';
const drop: RequestListener = (request) => request.socket.destroy();

test('B-56 a busy WeChat is asked three times when that does no harm, and once when it may', async () => {
  const { fake, ask } = await start([busy]);

  expect(await ask(true)).toEqual({ ok: false, errcode: -1 });
  expect(fake.requests()).toBe(3);
  expect(await ask(false)).toEqual({ ok: false, errcode: -1 });
  expect(fake.requests()).toBe(4);
});

test.each([
  ['busy', busy],
  ['away', drop],
  ['answering HTML', '<html>'],
  ['answering 502', (_, response) => void response.writeHead(502).end(ok)],
] as [string, string | RequestListener][])(
  'B-56 a WeChat that is %s for a moment is asked again',
  async (_what, first) => {
    const { ask, troubles } = await start([first, first, ok]);

    expect(await ask(true)).toEqual({ ok: true, data: { errcode: 0, value: 1 } });
    expect(troubles).toEqual([]);
  },
);

test.each([
  ['a refusal', '{"errcode":45011,"errmsg":"api minute-quota reach limit"}'],
  ['a redirect', (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
  ['404', (_, response) => void response.writeHead(404).end(ok)],
] as [string, string | RequestListener][])('B-56 %s is final', async (_what, answer) => {
  const { fake, ask } = await start([answer]);
  expect(await ask(true)).toMatchObject({ ok: false });
  expect(fake.requests()).toBe(1);
});

test('what may not be carried out twice is not sent again when the connection breaks', async () => {
  const { fake, ask } = await start([drop]);
  expect(await ask(false)).toEqual({ ok: false, errcode: undefined });
  expect(fake.requests()).toBe(1);
});

test('what may not be carried out twice is sent again when nothing of it was sent', async () => {
  const gone = await startFakeWechat(() => {});
  await gone.close();
  const { ask, troubles } = connect(gone.url);
  const startedAt = performance.now();

  expect(await ask(false)).toEqual({ ok: false, errcode: undefined });

  // Two pauses, at least 50 ms each, lie between three attempts.
  expect(performance.now() - startedAt).toBeGreaterThan(95);
  expect(troubles).toEqual([{ appId: 'wx1', path: '/wxa/x', failure: 'ECONNREFUSED' }]);
});

test('B-55 the deadline holds for a call with its repetitions', async () => {
  const slowly: RequestListener = (_, response) => setTimeout(() => response.end(busy), 120);
  const { ask, fake } = await start([slowly], 300);
  const startedAt = performance.now();

  expect(await ask(true)).toMatchObject({ ok: false });

  expect(performance.now() - startedAt).toBeLessThan(600);
  expect(fake.requests()).toBeLessThan(3);
});

test('B-55 at most 50 calls are open and 450 wait; the rest are refused at once', async () => {
  const { ask, fake, troubles } = await start([() => {}], 500);

  const replies = await Promise.all(Array.from({ length: 520 }, () => ask(true)));

  expect(replies).toEqual(Array(520).fill({ ok: false, errcode: undefined }));
  expect(troubles.filter(({ failure }) => failure === 'too many calls at once')).toHaveLength(20);
  expect(fake.mostAtOnce()).toBe(50);
});

test('W-10 the log learns the errcode and the id for support, and nothing that was sent or said', async () => {
  const { ask, troubles } = await start([
    `{"errcode":40125,"errmsg":"invalid ${secret} hint: [${secret}] rid: 65af1b2c-1a2b3c4d-00ff00ff"}`,
    `{"errcode":"${secret}"}`,
    secret,
  ]);
  for (let round = 0; round < 3; round += 1) await ask(false);

  expect(troubles).toEqual([
    { appId: 'wx1', path: '/wxa/x', errcode: 40125, rid: '65af1b2c-1a2b3c4d-00ff00ff' },
    { appId: 'wx1', path: '/wxa/x', failure: 'unreadable answer' },
    { appId: 'wx1', path: '/wxa/x', failure: 'unreadable answer' },
  ]);
});

test('W-13 the certificate is verified, also where the environment says otherwise', async () => {
  const evil = await startFakeWechat((_, response) => void response.end(ok), { tls: true });
  running.push(evil);
  const { ask } = connect(evil.url);
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  try {
    expect(await ask(false)).toEqual({ ok: false, errcode: undefined });
  } finally {
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  }
  expect(evil.requests()).toBe(0);
});
