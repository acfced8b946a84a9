import { parse } from 'graphql';
import { expect, test } from 'vitest';
import {
  createFetcher,
  type FetcherContext,
  type Operation,
} from '../../../../gateway/sandbox/page/fetcher.ts';

const query = 'query Me { me } mutation Rename { rename } mutation Remove { remove }';

/** What reaches the gateway, for one operation sent by someone with this token. */
async function send(operation: Operation, context?: FetcherContext, token?: string) {
  const sent: unknown[] = [];
  let keys = 0;
  const fetcher = createFetcher({
    graphqlPath: '/graphql',
    accessToken: async () => token,
    createIdempotencyKey: () => `key-${++keys}`,
    fetch: async (url, init) => {
      sent.push({
        url,
        method: init?.method,
        headers: Object.fromEntries(new Headers(init?.headers)),
        body: JSON.parse(String(init?.body)),
      });
      return Response.json({ data: {} });
    },
  });
  expect(await fetcher(operation, context)).toEqual({ data: {} });
  return sent;
}

const json = {
  accept: 'application/graphql-response+json, application/json;q=0.9',
  'content-type': 'application/json',
};

test('a guest sends a query by POST without any identity', async () => {
  const context = { documentAST: parse(query) };

  expect(await send({ query, operationName: 'Me', variables: { a: 1 } }, context)).toEqual([
    {
      url: '/graphql',
      method: 'POST',
      headers: json,
      body: { query, operationName: 'Me', variables: { a: 1 } },
    },
  ]);
});

test('a mutation carries the token and an Idempotency-Key', async () => {
  const context = { documentAST: parse(query) };

  expect(await send({ query, operationName: 'Rename' }, context, 'abc')).toEqual([
    {
      url: '/graphql',
      method: 'POST',
      headers: { ...json, authorization: 'Bearer abc', 'idempotency-key': 'key-1' },
      body: { query, operationName: 'Rename' },
    },
  ]);
});

test('what the person writes as headers wins, whatever its case', async () => {
  const context = {
    documentAST: parse('mutation { rename }'),
    headers: { Authorization: 'Bearer mine', 'Idempotency-Key': 'mine' },
  };

  expect(await send({ query: 'mutation { rename }', operationName: null }, context, 'abc')).toEqual([
    {
      url: '/graphql',
      method: 'POST',
      headers: { ...json, authorization: 'Bearer mine', 'idempotency-key': 'mine' },
      body: { query: 'mutation { rename }' },
    },
  ]);
});
