/** Calls to a subgraph past the gateway. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningSubgraph, serveSubgraph } from '../../subgraphs/shared/subgraph-server.ts';
import { signRequest } from '../../subgraphs/verify/index.ts';

const key = 'the key of gateway and subgraphs, 32+';
const running = { subgraph: undefined as RunningSubgraph | undefined, resolved: 0 };
beforeAll(async () => {
  running.subgraph = await serveSubgraph({
    name: 'shop',
    typeDefs: 'type Query { hello: String }',
    resolvers: {
      Query: {
        hello: () => {
          running.resolved += 1;
          return 'hello';
        },
      },
    },
    internalKey: key,
    host: '127.0.0.1',
    port: 0,
    now: Date.now,
    createContext: () => ({}),
  });
});
afterAll(() => running.subgraph?.close());

const body = '{"query":"{ hello }"}';
const sign = (more: { key?: string; audience?: string; body?: string; now?: number } = {}) =>
  signRequest({
    url: new URL(running.subgraph?.url ?? ''),
    audience: 'shop',
    caller: { kind: 'service', name: 'gateway' },
    body,
    key,
    now: Date.now(),
    ...more,
  });

for (const [what, headers] of [
  ['without a signature', () => ({})],
  ['with a principal alone', () => ({ 'minigate-principal': sign()['minigate-principal'] })],
  ['with a signature by another key', () => sign({ key: 'another key of the same length, 32 chars' })],
  ['with a signature for another subgraph', () => sign({ audience: 'user' })],
  ['with a signature of another body', () => sign({ body: '{"query":"{ goodbye }"}' })],
  ['with a signature ten minutes old', () => sign({ now: Date.now() - 600_000 })],
  [
    'with another nonce than was signed',
    () => ({ ...sign(), 'minigate-nonce': 'another-nonce-of-some-length' }),
  ],
  ['without a nonce', () => ({ ...sign(), 'minigate-nonce': '' })],
  ['with an empty signature', () => ({ ...sign(), 'minigate-signature': '' })],
] as const) {
  test(`R-14 a subgraph that is called ${what} answers 401 and resolves nothing`, async () => {
    const response = await fetch(running.subgraph?.url ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(headers() as Record<string, string>) },
      body,
    });
    expect({ status: response.status, resolved: running.resolved }).toEqual({ status: 401, resolved: 0 });
  });
}

test('R-14 a subgraph that is sent a request of the gateway again answers 401 and resolves it once', async () => {
  const headers = { 'content-type': 'application/json', ...sign() };
  const send = () => fetch(running.subgraph?.url ?? '', { method: 'POST', headers, body });
  const before = running.resolved;
  expect([(await send()).status, (await send()).status]).toEqual([200, 401]);
  expect(running.resolved - before).toBe(1);
});
