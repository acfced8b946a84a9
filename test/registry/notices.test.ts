import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { queueNotices } from '../../registry/notices/queue-notices.ts';
import { retryDelayMs, sendDueNotices } from '../../registry/notices/send-notices.ts';
import { isTaken, toNoticeRequest } from '../../registry/notices/to-request.ts';
import { type NoticeTarget, parseRegistrySettings } from '../../registry/settings.ts';
import { type DatabaseServer, openDatabase } from '../../subgraphs/shared/database.ts';

const nowMs = Date.parse('2026-11-24T08:00:00Z');
const payload = {
  event: 'publish',
  environment: 'release',
  details: { subject: 'order', sequence: 7 },
  actor: 'team-order',
  commit: 'abcdef0123456789',
  branch: 'main',
};
const target = (
  kind: NoticeTarget['kind'],
  secret?: string,
  url = 'https://bot.test/hook?key=1',
): NoticeTarget => ({
  ...{ name: kind, kind, url, events: ['publish', 'check_failed'] },
  ...(secret === undefined ? {} : { secret }),
});
const text = 'Minigate 发布 publish: release order → v7\nteam-order · main · abcdef012345';

describe('the form of a message', () => {
  test('a webhook gets JSON, signed with the time', () => {
    const { headers, body } = toNoticeRequest(target('webhook', 'a-secret-of-ours'), 'n-1', payload, nowMs);
    expect(JSON.parse(body)).toEqual({ id: 'n-1', ...payload });
    const hex = createHmac('sha256', 'a-secret-of-ours').update(`1795507200.${body}`).digest('hex');
    expect(headers).toEqual({
      'content-type': 'application/json',
      'minigate-time': '1795507200',
      'minigate-signature': `sha256=${hex}`,
    });
  });

  test('企业微信 gets a text message', () => {
    expect(JSON.parse(toNoticeRequest(target('wecom'), 'n-1', payload, nowMs).body)).toEqual({
      msgtype: 'text',
      text: { content: text },
    });
  });

  test('飞书 gets a text message with the signature of its bots', () => {
    const sign = createHmac('sha256', '1795507200\na-secret-of-ours').digest('base64');
    expect(
      JSON.parse(toNoticeRequest(target('feishu', 'a-secret-of-ours'), 'n-1', payload, nowMs).body),
    ).toEqual({
      ...{ timestamp: '1795507200', sign },
      ...{ msg_type: 'text', content: { text } },
    });
  });

  test('钉钉 gets a text message with the signature in the address', () => {
    const { url, body } = toNoticeRequest(target('dingtalk', 'a-secret-of-ours'), 'n-1', payload, nowMs);
    const sign = createHmac('sha256', 'a-secret-of-ours')
      .update(`${nowMs}\na-secret-of-ours`)
      .digest('base64');
    const { searchParams } = new URL(url);
    expect(Object.fromEntries(searchParams)).toEqual({ key: '1', timestamp: String(nowMs), sign });
    expect(JSON.parse(body)).toEqual({ msgtype: 'text', text: { content: text } });
  });

  test('a bot that answers 200 with a code has not taken the message', () => {
    const taken = [
      isTaken(target('wecom'), 200, '{"errcode":0,"errmsg":"ok"}'),
      isTaken(target('wecom'), 200, '{"errcode":93000}'),
      isTaken(target('feishu'), 200, '{"code":0}'),
      isTaken(target('dingtalk'), 200, 'no JSON'),
      isTaken(target('webhook'), 204, ''),
      isTaken(target('webhook'), 500, ''),
    ];
    expect(taken).toEqual([true, false, true, false, true, false]);
  });
});

describe('the queue', () => {
  let database: DatabaseServer;
  let receiver: Server;
  let statuses: number[];
  let received: string[];
  let url: string;
  beforeEach(async () => {
    database = await openDatabase({});
    await database.migrate({ schema: 'registry', folder: 'registry/store/migrations' });
    [statuses, received] = [[], []];
    receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (part) => {
        body += part;
      });
      request.on('end', () => {
        received.push(JSON.parse(body).id);
        response.writeHead(statuses.shift() ?? 200).end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  });
  afterEach(async () => {
    receiver.close();
    await database.close();
  });

  test('a message is sent again later until it is taken, under the same id, and then no more', async () => {
    let now = nowMs;
    const targets = [target('webhook', undefined, url)];
    const handle = database.connect();
    const origin = { actor: 'team-order', tokenId: 't', address: '127.0.0.1' };
    const event = { event: 'publish' as const, environment: 'dev', origin, details: {} };
    await queueNotices(handle, targets, event, now);
    await queueNotices(handle, targets, { ...event, event: 'rollback' }, now);
    const send = () =>
      sendDueNotices(
        { database: handle, targets, now: () => now, onFault: () => {} },
        AbortSignal.timeout(10_000),
      );
    statuses = [503, 500];
    expect(await send()).toBe(1);
    expect(await send()).toBe(0);
    now += retryDelayMs(0) + 5_000;
    await send();
    now += retryDelayMs(1) + 5_000;
    await send();
    now += 86_400_000;
    expect(await send()).toBe(0);
    expect([received.length, new Set(received).size]).toEqual([3, 1]);
  });
});

test('settings of notices name what is wrong with them', () => {
  expect(() => parseRegistrySettings({ notices: [{ name: 'x', kind: 'mail', url: 'ftp://a' }] })).toThrow(
    /notices\[0\]\.kind/,
  );
});
