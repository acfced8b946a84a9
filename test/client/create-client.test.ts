import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClient } from '../../client/index.ts';
import { mutation, query, startMiniProgram } from './mini-program.ts';

let program: Awaited<ReturnType<typeof startMiniProgram>>;
beforeEach(async () => {
  program = await startMiniProgram();
});
afterEach(() => program.close());

const keysSent = () =>
  program.gateway.received
    .filter(({ path }) => path === '/graphql')
    .map(({ headers }) => headers['idempotency-key']);

it('an operation is sent by id, with its name and variables, and who sends it', async () => {
  const { client, gateway } = program;
  await client.request(query, { a: '中' });

  const { path, headers, body } = gateway.received.at(-1) ?? {};
  expect({ path, body }).toEqual({
    path: '/graphql',
    body: { documentId: query.id, operationName: 'Echo', variables: { a: '中' } },
  });
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    authorization: 'Bearer token-1',
    'minigate-client-name': 'test',
    'minigate-client-version': '1.2.3',
  });
});

it('the version of the mini-program goes with every request, and each has a login of its own', async () => {
  const { launch, gateway, counts } = program;
  const ask = (envVersion: string) => launch(undefined, { envVersion }).request(query);
  await ask('develop');
  await ask('trial');
  await ask('develop');

  expect(counts()).toMatchObject({ logins: 2, operations: 3 });
  expect(gateway.received.map(({ path, headers }) => [path, headers['minigate-env']])).toEqual([
    ...[
      ['/auth/wechat/login', 'develop'],
      ['/graphql', 'develop'],
    ],
    ...[
      ['/auth/wechat/login', 'trial'],
      ['/graphql', 'trial'],
    ],
    ['/graphql', 'develop'],
  ]);
});

describe('the idempotency key', () => {
  it('is sent with mutations alone, and is new for each', async () => {
    const { client } = program;
    await client.request(query);
    await client.request(mutation);
    await client.request(mutation);

    const [ofQuery, first, second] = keysSent();
    expect(ofQuery).toBeUndefined();
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(second).toMatch(/^[0-9a-f]{32}$/);
    expect(second).not.toBe(first);
  });

  it('stays the same when the mutation is repeated after a login', async () => {
    const { client, gateway } = program;
    await client.login();
    gateway.revokeTokens();
    await client.request(mutation);

    const [first, second, ...others] = keysSent();
    expect([second, others]).toEqual([first, []]);
  });

  it('comes with the error, so that the caller can repeat the mutation', async () => {
    const { client, gateway } = program;
    const { answer } = gateway;
    gateway.answer = (_request, response) => void response.destroy();
    const failed = await client.request(mutation);
    const idempotencyKey = failed.ok ? undefined : failed.error.idempotencyKey;
    expect(failed).toMatchObject({
      error: { kind: 'network', retryable: true, idempotencyKey: keysSent()[0] },
    });

    gateway.answer = answer;
    expect(await client.request(mutation, {}, { idempotencyKey: idempotencyKey ?? '' })).toMatchObject({
      ok: true,
    });
    expect(keysSent()).toEqual([idempotencyKey, idempotencyKey]);
  });

  it('is made without WeChat when WeChat gives no random values', async () => {
    const { device, launch } = program;
    const wx = {
      ...device.wx,
      getRandomValues: ({ fail }: { fail: (failure: object) => void }) => fail({}),
    };
    await launch(wx).request(mutation);

    expect(keysSent()).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
  });
});

describe('a call that gets no answer', () => {
  /** Sends a query that the gateway never answers. */
  async function sendUnanswered() {
    const { client, gateway } = program;
    gateway.answer = () => {};
    const pending = client.request(query);
    await vi.waitUntil(() => gateway.received.at(-1)?.path === '/graphql');
    // In an object, since a promise returned alone would be waited for.
    return { pending };
  }
  const failure = (kind: string, retryable: boolean, message: unknown) => ({
    ok: false,
    error: { kind, retryable, message },
  });

  it('is a network error when the connection breaks', async () => {
    program.gateway.answer = (_request, response) => void response.destroy();

    expect(await program.client.request(query)).toEqual(
      failure('network', true, expect.stringContaining('net::ERR_CONNECTION_RESET')),
    );
  });

  it('is a network error when the person goes to another app', async () => {
    const { pending } = await sendUnanswered();
    program.device.background();
    program.timers.advance(5_000);

    expect(await pending).toEqual(failure('network', true, 'request:fail interrupted'));
  });

  it('is a time-out after 15 seconds', async () => {
    const { pending } = await sendUnanswered();
    program.timers.advance(15_000);

    expect(await pending).toEqual(failure('timeout', true, 'request:fail timeout'));
  });

  it('is aborted when the caller gives it up', async () => {
    const { pending } = await sendUnanswered();
    pending.abort();

    expect(await pending).toEqual(failure('aborted', false, 'request:fail abort'));
  });

  it('is a network error when wx.request itself throws', async () => {
    const { device, launch } = program;
    await program.client.login();
    const request = () => {
      throw new Error('createRequestTask:fail');
    };

    expect(await launch({ ...device.wx, request }).request(query)).toEqual(
      failure('network', true, 'Error: createRequestTask:fail'),
    );
  });
});

it('a call aborted while the login is under way is not sent', async () => {
  const { client, counts } = program;
  const pending = client.request(mutation);
  pending.abort();

  expect(await pending).toEqual({
    ok: false,
    error: {
      kind: 'aborted',
      retryable: false,
      message: 'aborted by the caller',
      idempotencyKey: expect.stringMatching(/^[0-9a-f]{32}$/),
    },
  });
  expect(counts()).toEqual({ wxLogins: 1, logins: 1, refreshes: 0, operations: 0 });
});

it.each([
  [{ url: '' }, '"url" must be a non-empty text'],
  [{ url: 'api.example.com' }, '"url" must begin with https:// or http://'],
  [{ appId: undefined }, '"appId" must be a non-empty text'],
  [{ clientName: '' }, '"clientName" must be a non-empty text'],
  [{ clientVersion: 7 }, '"clientVersion" must be a non-empty text'],
  [{ timeoutMs: 0 }, '"timeoutMs" must be over 0'],
  [{ timeoutMs: Number.NaN }, '"timeoutMs" must be over 0'],
])('createClient refuses %j', (wrong, message) => {
  const options = {
    wx: program.device.wx,
    url: 'https://api.example.com/',
    appId: 'wx1',
    clientName: 'a',
    clientVersion: '1',
  };
  expect(() => createClient({ ...options, ...(wrong as object) })).toThrow(
    new TypeError(`createClient: ${message}`),
  );
});
