import { afterAll, beforeAll, expect, it } from 'vitest';
import { query, startMiniProgram } from './mini-program.ts';
import { refusal, sendJson } from './small-gateway.ts';

let program: Awaited<ReturnType<typeof startMiniProgram>>;
beforeAll(async () => {
  program = await startMiniProgram();
});
afterAll(() => program.close());

async function resultOf(status: number, body: string | object, headers: Record<string, string> = {}) {
  const { gateway, client } = program;
  gateway.answer = (_request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (typeof body === 'string') response.writeHead(status).end(body);
    else sendJson(response, status, body);
  };
  return client.request(query);
}

const fieldError = (code?: string) => ({
  message: 'No stock today.',
  path: ['product', 'stock'],
  ...(code && { extensions: { code } }),
});

it('data alone is a success', async () => {
  expect(await resultOf(200, { data: { a: null } })).toEqual({ ok: true, data: { a: null } });
});

it('data with errors is a failure that keeps both', async () => {
  const errors = [fieldError('SUBGRAPH_ERROR'), { message: 'No name.' }];
  expect(await resultOf(200, { data: { a: null }, errors })).toEqual({
    ok: false,
    data: { a: null },
    error: {
      kind: 'graphql',
      retryable: false,
      message: 'No stock today.; No name.',
      code: 'SUBGRAPH_ERROR',
      status: 200,
      errors,
    },
  });
});

it.each(['SUBGRAPH_TIMEOUT', 'SUBGRAPH_UNAVAILABLE'])(
  'a field missing for %s may come later',
  async (code) => {
    const errors = [fieldError('SUBGRAPH_ERROR'), fieldError(code)];
    expect(await resultOf(200, { data: null, errors })).toEqual({
      ok: false,
      error: {
        kind: 'graphql',
        retryable: true,
        message: 'No stock today.; No stock today.',
        code: 'SUBGRAPH_ERROR',
        status: 200,
        errors,
      },
    });
  },
);

it.each([
  [400, 'BAD_USER_INPUT', false],
  [403, 'FORBIDDEN', false],
  [404, 'PERSISTED_QUERY_NOT_FOUND', false],
  [429, 'RATE_LIMITED', true],
  [500, 'INTERNAL_SERVER_ERROR', false],
  [503, 'OVERLOADED', true],
  [504, 'GATEWAY_TIMEOUT', true],
])('status %i %s is a refusal, retryable: %s', async (status, code, retryable) => {
  const body = refusal(code, 'No.', '请稍后再试');
  expect(await resultOf(status, body)).toEqual({
    ok: false,
    error: {
      kind: 'refused',
      retryable,
      message: 'No.',
      code,
      userMessage: '请稍后再试',
      status,
      errors: body.errors,
    },
  });
});

it.each(['Retry-After', 'retry-after', 'RETRY-AFTER'])('the time to wait is read from %s', async (name) => {
  expect(await resultOf(429, refusal('RATE_LIMITED', 'No.'), { [name]: '12' })).toMatchObject({
    error: { retryAfterSeconds: 12 },
  });
});

it('a date in Retry-After is left alone', async () => {
  const result = await resultOf(503, refusal('OVERLOADED', 'No.'), {
    'Retry-After': 'Wed, 21 Oct 2026 07:28:00 GMT',
  });
  expect(result).toMatchObject({ error: { kind: 'refused', retryAfterSeconds: undefined } });
});

it.each([
  [200, '<html>hotel login</html>', false],
  [200, '', false],
  [200, '[]', false],
  [200, '7', false],
  [200, 'null', false],
  [200, {}, false],
  [200, { data: null }, false],
  [200, { data: [] }, false],
  [200, { errors: 'none' }, false],
  [200, { errors: [null, 7, { message: 7 }] }, false],
  [204, '', false],
  [404, 'Not Found', false],
  [502, '<html>bad gateway</html>', true],
  [503, { data: { a: 1 } }, true],
])('status %i with %j is no answer of a gateway', async (status, body, retryable) => {
  expect(await resultOf(status, body)).toEqual({
    ok: false,
    error: {
      kind: 'badResponse',
      retryable,
      message: `not a gateway's answer, HTTP status ${status}`,
      status,
    },
  });
});

it('a 401 page that is not from a gateway starts no login', async () => {
  const before = program.counts();

  expect(await resultOf(401, 'Please pay for Wi-Fi')).toMatchObject({ error: { kind: 'badResponse' } });
  expect(program.counts()).toEqual({ ...before, operations: before.operations + 1 });
});
