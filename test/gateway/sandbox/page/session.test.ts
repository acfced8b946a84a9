import { expect, test } from 'vitest';
import { LoginError, logIn } from '../../../../gateway/sandbox/page/session.ts';

const login = { label: 'ADMIN', appId: 'wx1', code: 'simulator:admin' };

function logInWith(answer: () => Response, sent: unknown[] = []) {
  const fetch: typeof globalThis.fetch = async (url, init) => {
    sent.push([url, init?.method, init?.body]);
    return answer();
  };
  return logIn({ loginPath: '/login', login, fetch, now: () => 1_000_000 });
}

test('a login becomes a session that is renewed half a minute before its token ends', async () => {
  const sent: unknown[] = [];
  const user = { id: 'user-2', roles: ['USER', 'ADMIN'] };
  const answer = { accessToken: 'abc', tokenType: 'Bearer', expiresInSeconds: 900, user };

  const session = await logInWith(() => Response.json(answer), sent);

  expect(sent).toEqual([['/login', 'POST', '{"appId":"wx1","code":"simulator:admin"}']]);
  expect(session).toEqual({
    login,
    accessToken: 'abc',
    userId: 'user-2',
    roles: ['USER', 'ADMIN'],
    renewAtMs: 1_870_000,
  });
});

test('a refused login tells the gateway’s reason in both languages', async () => {
  const errors = [{ message: 'Used.', extensions: { code: 'CODE_USED', userMessage: '已使用。' } }];

  await expect(logInWith(() => Response.json({ errors }, { status: 401 }))).rejects.toEqual(
    new LoginError('Used.', '已使用。'),
  );
});

test('an answer that is no JSON counts as no answer', async () => {
  await expect(logInWith(() => new Response('<html>'))).rejects.toEqual(
    new LoginError('The gateway cannot be reached.', '无法连接网关。'),
  );
});
