/** The form in which each kind of address takes a message, and signed as each wants it. */
import { createHmac } from 'node:crypto';
import type { NoticeTarget } from '../settings.ts';

export interface NoticeRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type NoticePayload = Readonly<Record<string, unknown>>;

/** @param id the same each time the message is sent, so that a receiver can tell a repetition */
export function toNoticeRequest(
  { kind, url, secret }: NoticeTarget,
  id: string,
  payload: NoticePayload,
  nowMs: number,
): NoticeRequest {
  const seconds = String(Math.floor(nowMs / 1_000));
  const json = (body: object, headers: Record<string, string> = {}, address = url): NoticeRequest => ({
    url: address,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = toText(payload);
  switch (kind) {
    case 'webhook': {
      const body = JSON.stringify({ id, ...payload });
      const headers = { 'content-type': 'application/json', 'minigate-time': seconds };
      if (!secret) return { url, headers, body };
      const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
      return { url, headers: { ...headers, 'minigate-signature': `sha256=${signature}` }, body };
    }
    case 'wecom':
      return json({ msgtype: 'text', text: { content: text } });
    case 'feishu': {
      const signed = secret && {
        timestamp: seconds,
        sign: createHmac('sha256', `${seconds}\n${secret}`).digest('base64'),
      };
      return json({ ...(signed || {}), msg_type: 'text', content: { text } });
    }
    case 'dingtalk': {
      const address = new URL(url);
      if (secret) {
        const sign = createHmac('sha256', secret).update(`${nowMs}\n${secret}`).digest('base64');
        address.searchParams.set('timestamp', String(nowMs));
        address.searchParams.set('sign', sign);
      }
      return json({ msgtype: 'text', text: { content: text } }, {}, address.toString());
    }
  }
}

/** The bots answer 200 to what they refuse, with a code in the body; it is 0 for what they took. */
export function isTaken({ kind }: NoticeTarget, status: number, body: string): boolean {
  if (status < 200 || status > 299) return false;
  if (kind === 'webhook') return true;
  try {
    const { errcode, code, StatusCode } = JSON.parse(body) as Record<string, unknown>;
    return (errcode ?? code ?? StatusCode) === 0;
  } catch {
    return false;
  }
}

const verbs: Readonly<Record<string, string>> = {
  publish: '发布',
  rollback: '回滚',
  delete: '删除子图',
  operations: '操作清单更新',
  check_failed: '检查未通过',
  ban_wave: '封禁激增',
};

/** Plain text, a few lines: markup in what a team wrote stays text. */
function toText({ event, environment, details, actor, commit, branch }: NoticePayload): string {
  const { subject, sequence, problems } = details as {
    subject?: unknown;
    sequence?: unknown;
    problems?: readonly string[];
  };
  const version = sequence === undefined ? '' : ` → v${sequence}`;
  return [
    `Minigate ${verbs[String(event)] ?? ''} ${event}: ${environment} ${subject ?? ''}${version}`,
    `${actor ?? ''}${branch ? ` · ${branch}` : ''}${commit ? ` · ${String(commit).slice(0, 12)}` : ''}`,
    ...(problems ?? []).slice(0, 5),
  ]
    .join('\n')
    .slice(0, 1_800);
}
