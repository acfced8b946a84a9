import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createManualTimers } from './manual-timers.ts';
import { createWxDevice } from './wx.ts';
import type { RequestOption } from './wx-request.ts';

const appId = 'wx00000000000000a1';
const server = createServer((request, response) => void respond(request, response));
const held: ServerResponse[] = [];
let url: string;

/** Echoes what it received, holds `/hold` back, and answers the rest as the path says. */
async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url: path = '', headers } = request;
  const body = await text(request);
  if (path === '/hold') held.push(response);
  else if (path === '/teapot') response.writeHead(418, { 'X-Odd-Case': 'Kept' }).end('not JSON');
  else if (path === '/bom') response.end('\uFEFF{"a":1}');
  else if (path === '/cut') request.socket.destroy();
  else if (path === '/cookies') response.setHeader('set-cookie', ['a=1', 'b=2']).end('{}');
  else {
    const { 'content-type': type, referer } = headers;
    response.end(JSON.stringify({ method, path, body, type, referer }));
  }
}

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  for (const response of held.splice(0)) response.end('{}');
});

function createPhone() {
  const timers = createManualTimers();
  const device = createWxDevice({ appId, person: 'tourist', timers });
  const outcomes: unknown[] = [];
  const request = (option: RequestOption) =>
    device.wx.request({
      success: ({ statusCode, data }) => outcomes.push({ statusCode, data }),
      fail: (failure) => outcomes.push(failure),
      ...option,
    });
  const outcomeOf = async (option: RequestOption) => {
    const before = outcomes.length;
    request(option);
    await vi.waitUntil(() => outcomes.length > before);
    return outcomes.at(-1);
  };
  return { ...device, timers, request, outcomes, outcomeOf };
}

describe('wx.request', () => {
  it('succeeds for every HTTP status, and leaves text that is not JSON as it is', async () => {
    expect(await createPhone().outcomeOf({ url: `${url}/teapot` })).toEqual({
      statusCode: 418,
      data: 'not JSON',
    });
  });

  it('gives header names as received, all cookies, and no promise', async () => {
    const { wx } = createPhone();
    const responses = await Promise.all(
      ['/teapot', '/cookies'].map(
        (path) =>
          new Promise<{ header: object; cookies: string[] }>((success) => {
            const task = wx.request({ url: url + path, success });
            expect(task).toEqual({ abort: expect.any(Function) });
          }),
      ),
    );
    expect(responses[0]?.header).toMatchObject({ 'X-Odd-Case': 'Kept' });
    expect(responses[1]?.cookies).toEqual(['a=1', 'b=2']);
  });

  it.each([
    ['an object as JSON', { data: { a: '中' } }, '{"a":"中"}', 'application/json'],
    ['text as it is', { data: '{ "a": 1 }' }, '{ "a": 1 }', 'application/json'],
    [
      'a form',
      { data: { a: '1 2' }, header: { 'Content-Type': 'application/x-www-form-urlencoded' } },
      'a=1%202',
      'application/x-www-form-urlencoded',
    ],
    ['bytes', { data: new Uint8Array([104, 105]).buffer }, 'hi', 'application/json'],
  ])('posts %s', async (_what, option, body, type) => {
    expect(
      await createPhone().outcomeOf({ url: `${url}/echo`, method: 'POST', ...option } as RequestOption),
    ).toMatchObject({ data: { body, type } });
  });

  it('turns the data of a GET into the query', async () => {
    expect(
      await createPhone().outcomeOf({ url: `${url}/echo?x=0`, data: { a: '1&2', b: '中' } }),
    ).toMatchObject({ data: { method: 'GET', path: '/echo?x=0&a=1%262&b=%E4%B8%AD', body: '' } });
  });

  it('writes the Referer itself', async () => {
    expect(
      await createPhone().outcomeOf({ url: `${url}/echo`, header: { referer: 'https://other' } }),
    ).toMatchObject({ data: { referer: `https://servicewechat.com/${appId}/devtools/page-frame.html` } });
  });

  it('strips a byte order mark, and parses JSON only when asked to', async () => {
    const { outcomeOf } = createPhone();
    expect(await outcomeOf({ url: `${url}/bom` })).toEqual({ statusCode: 200, data: { a: 1 } });
    expect(await outcomeOf({ url: `${url}/bom`, dataType: 'text' })).toEqual({
      statusCode: 200,
      data: '{"a":1}',
    });
  });

  it('sends ten at once and the others when a place is free, then calls complete', async () => {
    const { request, outcomes } = createPhone();
    let completed = 0;
    const complete = () => {
      completed += 1;
    };
    for (let index = 0; index < 12; index += 1) request({ url: `${url}/hold`, complete });
    await vi.waitUntil(() => held.length === 10);
    // Another phone's whole exchange later, this one still has sent no more.
    await createPhone().outcomeOf({ url: `${url}/echo` });
    expect(held).toHaveLength(10);

    held[0]?.end('1');
    await vi.waitUntil(() => held.length === 11);
    for (const response of held) response.end('{}');
    await vi.waitUntil(() => held.length === 12);
    held[11]?.end('{}');
    await vi.waitUntil(() => completed === 12);
    expect(outcomes).toHaveLength(12);
  });

  it('fails with errno 5 when the time is over', async () => {
    const { request, outcomes, timers } = createPhone();
    request({ url: `${url}/hold`, timeout: 3_000 });
    await vi.waitUntil(() => held.length === 1);

    timers.advance(2_999);
    expect(outcomes).toEqual([]);
    timers.advance(1);
    await vi.waitUntil(() => outcomes.length === 1);
    expect(outcomes).toEqual([{ errMsg: 'request:fail timeout', errno: 5 }]);
  });

  it('an abort fails the request once, whether it is under way or queued', async () => {
    const { request, outcomes } = createPhone();
    const tasks = Array.from({ length: 11 }, () => request({ url: `${url}/hold` }));
    await vi.waitUntil(() => held.length === 10);

    tasks[10]?.abort();
    tasks[0]?.abort();
    tasks[0]?.abort();
    await vi.waitUntil(() => outcomes.length === 2);
    expect(outcomes).toEqual([{ errMsg: 'request:fail abort' }, { errMsg: 'request:fail abort' }]);
    expect(held).toHaveLength(10);
  });

  it.each([
    ['/cut', 'request:fail errcode:-101 cronet_error_code:-101 error_msg:net::ERR_CONNECTION_RESET'],
    [':1/', 'request:fail errcode:-102 cronet_error_code:-102 error_msg:net::ERR_CONNECTION_REFUSED'],
  ])('a broken connection (%s) is errno 600001', async (place, errMsg) => {
    const target = place === ':1/' ? 'http://127.0.0.1:1/' : url + place;
    expect(await createPhone().outcomeOf({ url: target })).toEqual({ errMsg, errno: 600001 });
  });

  it('knows no PATCH and no relative address', async () => {
    const { outcomeOf } = createPhone();
    expect(await outcomeOf({ url, method: 'PATCH' })).toMatchObject({ errno: 600000 });
    expect(await outcomeOf({ url: '/graphql' })).toMatchObject({ errno: 600009 });
  });
});

describe('in the background', () => {
  it('what is unfinished after five seconds is interrupted, and nothing new is sent until the return', async () => {
    const { request, outcomes, outcomeOf, background, foreground, timers } = createPhone();
    request({ url: `${url}/hold` });
    await vi.waitUntil(() => held.length === 1);

    background();
    timers.advance(4_999);
    expect(outcomes).toEqual([]);
    timers.advance(1);
    await vi.waitUntil(() => outcomes.length === 1);
    const interrupted = { errMsg: 'request:fail interrupted', errno: 600003 };
    expect(outcomes).toEqual([interrupted]);
    expect(await outcomeOf({ url: `${url}/echo` })).toEqual(interrupted);

    foreground();
    expect(await outcomeOf({ url: `${url}/echo` })).toMatchObject({ statusCode: 200 });
  });

  it('a return within five seconds interrupts nothing', async () => {
    const { request, outcomes, background, foreground, timers } = createPhone();
    request({ url: `${url}/hold` });
    await vi.waitUntil(() => held.length === 1);

    background();
    timers.advance(4_000);
    foreground();
    timers.advance(4_000);
    held[0]?.end('{}');
    await vi.waitUntil(() => outcomes.length === 1);
    expect(outcomes).toEqual([{ statusCode: 200, data: {} }]);
  });
});
