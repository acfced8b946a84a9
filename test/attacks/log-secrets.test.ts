/** Attempts to get into the log what must not be there. Every other case looks through its own log lines too. */
import { expect } from 'vitest';
import { createAttack } from '../support/attack.ts';
import { type AttackWorld, appId, type Send } from '../support/attack-world.ts';

const attack = createAttack({ dev: true });

const post = (query: string, variables: object = {}): Send => ({ body: { query, variables } });
const phone = '13800138000';
const logOf = (world: AttackWorld): string => JSON.stringify(world.gateway.log());

attack('L-06', 'what is in a document and its variables is in no log line', {
  send: post(`query ($id: ID!) { user(id: $id) { id } other: user(id: "${phone}") { id } }`, { id: phone }),
  expect: { status: 200, fetches: 1, data: { user: { id: phone }, other: { id: phone } } },
  also: (_answer, world) => expect(logOf(world)).not.toContain(phone),
});

attack('L-06', 'what is refused as a variable is in no log line', {
  send: post('query ($n: Int) { users(first: $n) { id } }', { n: phone }),
  expect: { status: 400, code: 'BAD_USER_INPUT', fetches: 0 },
  also: (_answer, world) => expect(logOf(world)).not.toContain(phone),
});

for (const [what, authorization] of [
  ['malformed', 'Bearer \u00e9\u00ffnot-a-token'],
  ['of another scheme', 'Basic dXNlcjpub3QtYS10b2tlbg=='],
  ['in pieces', ['Bearer not-a-token', 'not-a-token-either']],
] as const) {
  attack('L-06', `credentials that are ${what} are in no log line`, {
    send: { ...post('{ docs { id } }'), headers: { authorization: authorization as string } },
    expect: { status: 401, code: 'UNAUTHENTICATED', fetches: 0 },
    also: (_answer, world) => expect(logOf(world)).not.toMatch(/not-a-token|dXNlcjpub3QtYS10b2tlbg/),
  });
}

attack('L-06', 'a token in the wrong header is in no log line', {
  send: (world) => ({
    ...post('{ docs { id } }'),
    headers: {
      'minigate-client-name': `Bearer ${world.token('user')}`,
      'minigate-client-version': world.token('user'),
      'x-request-id': world.token('user'),
      'idempotency-key': world.token('user'),
      referer: `https://servicewechat.com/?token=${world.token('user')}`,
    },
  }),
  expect: { status: 200, fetches: 1, data: { docs: [{ id: 'd1' }] } },
});

attack('L-06', 'a token in the address is in no log line', {
  send: (world) => ({ ...post('{ docs { id } }'), path: `/graphql?access_token=${world.token('user')}` }),
  expect: { status: 200, fetches: 1, data: { docs: [{ id: 'd1' }] } },
});

for (const code of ['a-code-to-be-seen-by-nobody', 'a-code-\r\nof two lines']) {
  attack('L-06', `the login code ${JSON.stringify(code)} is in no log line`, {
    send: { path: '/auth/wechat/login', body: { appId, code } },
    expect: { status: 401, code: 'INVALID_CODE', fetches: 0 },
    also: (_answer, world) => expect(logOf(world)).not.toContain('a-code-'),
  });
}
