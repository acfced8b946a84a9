import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSchema, graphql } from 'graphql';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startProgram } from '../support/run-program.ts';

vi.setConfig({ testTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'minigate-compare-'));
const closing: (() => void)[] = [];
let [one, other] = ['', ''];
let asked: string[] = [];

/** Answers with its price, and tells how many fetches that took as a gateway in development does. */
async function startShop(price: number, fetches?: number): Promise<string> {
  const schema = buildSchema('type Query { name: String price: Int } type Mutation { buy: Int }');
  const rootValue = { name: 'tea', price, buy: 1 };
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    asked.push(`${JSON.parse(text).query} ${request.headers.authorization ?? ''}`);
    const answer = await graphql({ schema, source: JSON.parse(text).query, rootValue });
    if (fetches !== undefined) response.setHeader('minigate-fetches', String(fetches));
    response.writeHead(answer.data ? 200 : 400, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  closing.push(() => server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as { port: number }).port}/graphql`;
}

beforeAll(async () => {
  [one, other] = await Promise.all([startShop(1, 2), startShop(3)]);
});
afterAll(() => {
  for (const close of closing) close();
});

const compare = (operations: unknown, against: string, args: readonly string[] = []) => {
  const file = join(folder, 'operations.json');
  writeFileSync(file, JSON.stringify(operations));
  asked = [];
  const command = ['registry/cli/main.ts', 'compare', '--endpoint', one, '--against', against];
  return startProgram([...command, ...args, file]).ended;
};
const name = { name: 'Name', body: 'query Name { name }' };
const price = { name: 'Price', query: '{ price }' };
const wrong = { name: 'Wrong', query: '{ nothing }' };

test('operations that are answered alike are listed, with status, fetches and time, and end with 0', async () => {
  const { exitCode, stdout } = await compare({ operations: [name, wrong] }, other);
  const rows = stdout
    .replaceAll(/\d+\.\d/g, 'ms')
    .replaceAll(/ +/g, ' ')
    .split('\n');
  expect({ exitCode, rows }).toEqual({
    exitCode: 0,
    rows: [
      'OPERATION ANSWER STATUS FETCHES MILLISECONDS FIRST DIFFERENCE',
      'Name = 200 / 200 2 / ? ms / ms',
      'Wrong = 400 / 400 2 / ? ms / ms',
      '',
      '2 operations answered alike.',
      '',
    ],
  });
});

test('a difference is named by its place in the answer, and ends with 1', async () => {
  const { exitCode, stdout } = await compare([name, price], other, ['--json']);
  const { ok, error } = JSON.parse(stdout);
  const time = [expect.any(Number), expect.any(Number)];
  const shared = { status: [200, 200], fetches: [2, null], milliseconds: time };
  expect({ exitCode, ok, error }).toEqual({
    ...{ exitCode: 1, ok: false },
    error: {
      code: 'DIFFERENT',
      message: '1 of 2 operations answered differently.',
      operations: [
        { operation: 'Name', same: true, differences: [], ...shared },
        { operation: 'Price', same: false, differences: ['data.price: 1 ≠ 3'], ...shared },
      ],
    },
  });
});

test('mutations are left out unless asked for, and each header is sent to both', async () => {
  const buy = { name: 'Buy', query: 'mutation { buy }' };
  const headers = ['--header', 'authorization: Bearer me', '--header', 'x-other: 1'];
  const without = await compare([buy, name], one, headers);
  expect(without.stderr).toBe('Mutations left out: 1. --mutations sends them too.\n');
  expect(asked).toEqual([
    ...['{ __typename } Bearer me', '{ __typename } Bearer me'],
    ...['query Name { name } Bearer me', 'query Name { name } Bearer me'],
  ]);
  await compare([buy], one, ['--mutations']);
  expect(asked.filter((text) => text.startsWith('mutation'))).toHaveLength(2);
});

test.each([
  [[{ name: 'Empty' }], 'Empty has neither body nor query.'],
  [{ operation: [] }, 'The file holds no list of operations.'],
  [[name], 'http://127.0.0.1:9/graphql does not answer GraphQL: '],
])('%j ends with 2 and says why', async (operations, message) => {
  const { exitCode, stdout, stderr } = await compare(operations, 'http://127.0.0.1:9/graphql');
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(message);
});
