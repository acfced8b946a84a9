/** Attacks with a stolen token and no key of its session, or a key of one's own: neither opens, prolongs or ends anything. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { documentIdOf } from '../../gateway/persisted/safelist.ts';
import { createAttack } from '../support/attack.ts';
import { type AttackWorld, appId, otherAppId, type Send } from '../support/attack-world.ts';
import type { Tokens } from '../support/gateway-nodes.ts';
import { type SigningKey, signClientRequest } from '../support/sign-client-request.ts';

const me = 'query Me { me { name } }';
const clock = { aheadMs: 0 };
const attack = createAttack({
  dev: false,
  now: () => Date.now() + clock.aheadMs,
  operations: { Me: me },
  config: {
    signing: {
      audience: 'api.example.com',
      keys: [{ id: 'k1', secret: 'a master key of sessions, 32 characters' }],
      requiredClients: [appId],
      requiredPaths: ['/auth/refresh', '/auth/logout', '/auth/logout-everywhere', '/auth/wechat/profile'],
    },
  },
});

type Login = Tokens & SigningKey;

const body = { documentId: documentIdOf(me) };
const refused = { status: 403, code: 'SIGNATURE_INVALID', fetches: 0 };

async function logIn(world: AttackWorld, openid: string, of = appId): Promise<Login> {
  const code = await world.loginCode(openid, of);
  return (await world.ask({ path: '/auth/wechat/login', body: { appId: of, code } }))
    .json as unknown as Login;
}

/** Presents the token of one session, signed by the key of one. */
function sign(path: string, { accessToken }: Tokens, by: SigningKey, sent: object): Send {
  // Nothing signed before the process started is taken.
  clock.aheadMs += 1_000;
  const timestamp = Math.floor((Date.now() + clock.aheadMs) / 1000);
  const headers = { authorization: `Bearer ${accessToken}` };
  const request = { path, headers, body: JSON.stringify(sent), timestamp, nonce: randomUUID() };
  return { path, body: sent, headers: { ...headers, 'minigate-signature': signClientRequest(request, by) } };
}

for (const name of [undefined, 'another', appId]) {
  attack('S-10', `a stolen token opens nothing without its key, under the client name ${name}`, {
    send: async (world) => ({
      body,
      headers: {
        authorization: `Bearer ${(await logIn(world, 'o-anna')).accessToken}`,
        ...(name && { 'minigate-client-name': name }),
      },
    }),
    expect: refused,
  });
}

attack('S-10', 'a stolen token opens nothing by the key of another session', {
  send: async (world) => {
    const [anna, mallory] = [await logIn(world, 'o-anna'), await logIn(world, 'o-mallory')];
    return sign('/graphql', anna, mallory, body);
  },
  expect: refused,
});

attack('S-10', 'who signs by the key of the session is served', {
  send: async (world) => {
    const anna = await logIn(world, 'o-anna');
    return sign('/graphql', anna, anna, body);
  },
  expect: { status: 200, fetches: 1, data: { me: { name: 'Person o-anna' } } },
});

attack('S-10', 'who logged in by another mini-program need not sign', {
  send: async (world) => ({
    body,
    headers: { authorization: `Bearer ${(await logIn(world, 'o-otto', otherAppId)).accessToken}` },
  }),
  expect: { status: 200, fetches: 1, data: { me: { name: 'Person o-otto' } } },
});

for (const [what, path, bodyOf] of [
  ['refreshes', '/auth/refresh', ({ refreshToken }: Tokens) => ({ refreshToken })],
  ['logs out', '/auth/logout', () => ({})],
  ['logs out everywhere', '/auth/logout-everywhere', () => ({})],
  ['reads data of', '/auth/wechat/profile', () => ({ rawData: '{}', signature: 'a' })],
] as const) {
  attack('S-10', `the key of another session ${what} nobody`, {
    send: async (world) => {
      const [anna, mallory] = [await logIn(world, 'o-anna'), await logIn(world, 'o-mallory')];
      return sign(path, anna, mallory, bodyOf(anna));
    },
    expect: refused,
  });
}

attack('S-10', 'the access token of the signer beside it does not make a stolen refresh token theirs', {
  send: async (world) => {
    const [anna, mallory] = [await logIn(world, 'o-anna'), await logIn(world, 'o-mallory')];
    return sign('/auth/refresh', mallory, mallory, { refreshToken: anna.refreshToken });
  },
  expect: refused,
});

attack('S-10', 'who signs by the key of the session refreshes it', {
  send: async (world) => {
    const anna = await logIn(world, 'o-anna');
    return sign('/auth/refresh', anna, anna, { refreshToken: anna.refreshToken });
  },
  expect: { status: 200, fetches: 1 },
  also: ({ json }) => expect(json).toMatchObject({ signingKeyId: expect.any(String) }),
});
