/** Who gets into a subgraph, and what they learn when something breaks inside. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type RunningSubgraph, serveSubgraph } from '../../../subgraphs/shared/subgraph-server.ts';
import { type Caller, HEADER, signRequest } from '../../../subgraphs/verify/index.ts';
import { callerOf, guest, internalKey, service, user } from '../../support/subgraph-call.ts';

interface Seen {
  readonly caller: Caller;
  readonly idempotencyKey: string | undefined;
}

const now = Date.UTC(2026, 0, 1);
/** What reached the context, in order: nothing did when a request was refused. */
const seen: Seen[] = [];
const faults: unknown[] = [];
let subgraph: RunningSubgraph;

beforeAll(async () => {
  subgraph = await serveSubgraph<Seen>({
    name: 'echo',
    typeDefs: 'type Query { kind: String! broken: String } type Mutation { touch: Boolean }',
    resolvers: {
      Query: {
        kind: (_: unknown, _arguments: unknown, { caller }: Seen) => caller.kind,
        broken: () => {
          throw new Error('select "secret" from "table" failed');
        },
      },
    },
    internalKey,
    host: '127.0.0.1',
    port: 0,
    now: () => now,
    onFault: (error) => faults.push(error),
    createContext(caller, idempotencyKey) {
      seen.push({ caller, idempotencyKey });
      return { caller, idempotencyKey };
    },
  });
});
afterAll(() => subgraph.close());
beforeEach(() => {
  seen.length = 0;
  faults.length = 0;
});

const body = JSON.stringify({ query: '{ kind }' });

function sign(change: Partial<Parameters<typeof signRequest>[0]> = {}) {
  const url = new URL(subgraph.url);
  return signRequest({ url, audience: 'echo', caller: guest, body, key: internalKey, now, ...change });
}

async function post(headers: Record<string, string>, sent: string | undefined = body) {
  const response = await fetch(subgraph.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: sent,
  });
  return { status: response.status, answer: await response.json() };
}

const unauthorized = (message: string) => ({
  status: 401,
  answer: { statusCode: 401, error: 'Unauthorized', message },
});

describe('a request that is', () => {
  test.each<[string, () => Record<string, string>, string]>([
    ['unsigned', () => ({}), 'the header minigate-principal is missing'],
    ['signed with another key', () => sign({ key: `${internalKey}!` }), 'the signature does not match'],
    [
      'signed for other bytes',
      () => sign({ body: '{"query":"{ broken }"}' }),
      'the signature does not match',
    ],
    ['signed too long ago', () => sign({ now: now - 301_000 }), 'the timestamp is too far off'],
    ['signed for later', () => sign({ now: now + 301_000 }), 'the timestamp is too far off'],
    [
      'signed for another subgraph',
      () => sign({ audience: 'order' }),
      'the request was signed for another subgraph',
    ],
    [
      'given another principal',
      () => ({ ...sign(), [HEADER.principal]: sign({ caller: service })[HEADER.principal] ?? '' }),
      'the signature does not match',
    ],
    [
      'given an idempotency key',
      () => ({ ...sign(), [HEADER.idempotencyKey]: 'k' }),
      'the signature does not match',
    ],
  ])('%s gets 401 and runs nothing', async (_, headers, message) => {
    expect(await post(headers())).toEqual(unauthorized(message));
    expect(seen).toEqual([]);
  });

  test('unsigned and without a body gets 401 and runs nothing', async () => {
    const url = `${subgraph.url}?query=${encodeURIComponent('{ kind }')}`;
    const response = await fetch(url, { method: 'POST' });

    expect({ status: response.status, answer: await response.json() }).toEqual(
      unauthorized('the request has no body'),
    );
    expect(seen).toEqual([]);
  });

  test('a GET, or of another media type, is not served', async () => {
    const url = `${subgraph.url}?query=${encodeURIComponent('{ kind }')}`;
    const get = await fetch(url, { headers: sign() });
    const text = await post({ ...sign(), 'content-type': 'text/plain' });

    expect([get.status, text.status]).toEqual([401, 415]);
    expect(seen).toEqual([]);
  });

  test('signed but not JSON gets 400 and runs nothing', async () => {
    expect(await post(sign({ body: '{"query":' }), '{"query":')).toEqual({
      status: 400,
      answer: { statusCode: 400, error: 'Bad Request', message: 'the body is not JSON' },
    });
    expect(seen).toEqual([]);
  });
});

describe('a signed request', () => {
  test.each([guest, user('u-0003', ['USER'], ['order:create']), service])(
    'brings its caller into the context: $kind',
    async (caller) => {
      expect(await post(sign({ caller }))).toEqual({ status: 200, answer: { data: { kind: caller.kind } } });
      expect(seen).toEqual([{ caller, idempotencyKey: undefined }]);
    },
  );

  test('brings its idempotency key', async () => {
    await post(sign({ caller: service, idempotencyKey: 'key-1' }));

    expect(seen).toEqual([{ caller: service, idempotencyKey: 'key-1' }]);
  });
});

test('what breaks inside is reported inside, and told as no more than an internal error', async () => {
  const call = callerOf(subgraph.url, 'echo', () => now);

  expect(await call({ caller: guest, query: '{ broken kind }' })).toEqual({
    data: { broken: null, kind: 'guest' },
    errors: [{ message: 'Internal error', code: 'INTERNAL_SERVER_ERROR' }],
  });
  expect(faults).toEqual([expect.objectContaining({ message: 'select "secret" from "table" failed' })]);
});
