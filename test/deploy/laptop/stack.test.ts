import { readFileSync } from 'node:fs';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoApp } from '../../../deploy/laptop/demo-app.ts';
import { runJourney } from '../../../deploy/laptop/journey.ts';
import { type Stack, startStack } from '../../../deploy/laptop/stack.ts';
import { secretWatch, watchGateway } from '../../support/known-secrets.ts';

const anyPort = { gateway: 0, admin: 0, registry: 0, simulator: 0, user: 0, order: 0, product: 0 };
let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    host: '127.0.0.1',
    ports: anyPort,
    databaseUrl: undefined,
    dataDir: undefined,
    logLevel: 'silent',
  });
  secretWatch.learn('app secret', demoApp.secret);
  watchGateway(stack.gatewayUrl, stack.adminUrl);
}, 180_000);
afterAll(() => stack?.close());

async function post(path: string, body: object, token?: string): Promise<{ status: number; json: Answer }> {
  const response = await fetch(`${stack.gatewayUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  return { status: response.status, json: (await response.json()) as Answer };
}

interface Answer {
  readonly accessToken?: string;
  readonly data?: unknown;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

async function logIn(role: string): Promise<string> {
  const { json } = await post('/auth/wechat/login', {
    appId: demoApp.appId,
    code: `simulator:${role.toLowerCase()}`,
  });
  return String(json.accessToken);
}

async function readMetrics(): Promise<string> {
  return (await fetch(`${stack.adminUrl}/metrics`)).text();
}

/** Requests that the gateway has sent to any subgraph. */
async function countFetches(): Promise<number> {
  const lines = (await readMetrics())
    .split('\n')
    .filter((line) => line.startsWith('minigate_subgraph_fetches_total{'));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

describe('the journey of a first visit', () => {
  test('logs in, looks, orders, and the order stands in the database', async () => {
    const { gatewayUrl, simulatorUrl } = stack;
    const { orderId, steps } = await runJourney({ gatewayUrl, simulatorUrl, openid: 'o-visitor' });
    expect(steps.map(({ call }) => call.split('(')[0])).toEqual([
      'api.me',
      'api.homePage',
      'api.productPage',
      'api.createOrder',
      'api.orderDetail',
    ]);
    const { rows } = (await stack.database
      .connect()
      .execute(
        sql`select status, quantity from orders."order" o join orders.order_line l on l.order_id = o.id where o.id = ${orderId}`,
      )) as unknown as { rows: unknown[] };
    expect(rows).toEqual([{ status: 'CREATED', quantity: 1 }]);
  });

  test('counts its operations by name', async () => {
    const text = await readMetrics();
    expect(text).toContain('minigate_operations_total{operation="CreateOrder",code="OK"} 1');
    expect(text).toContain('minigate_logins_total{code="OK"}');
  });
});

describe('the table of docs/access.md', () => {
  const operations: Record<string, string> = {
    me: '{ me { id } }',
    setProductPrice: 'mutation { setProductPrice(skuId: "s-0001-1", priceFen: 990) { __typename } }',
    closeShop: 'mutation { closeShop { open } }',
  };
  const table = readFileSync('docs/access.md', 'utf8')
    .split('\n')
    .map((line) => /^\| `(me|setProductPrice|closeShop)` \| (.+) \| (.+) \| (.+) \|$/.exec(line))
    .flatMap((row) =>
      row
        ? ['USER', 'ADMIN', 'SUPER'].map((role, index) => [String(row[1]), role, String(row[index + 2])])
        : [],
    );

  test('has nine answers', () => {
    expect(table.length).toBe(9);
  });

  test.each(table)('%s as %s is answered %s', async (operation, role, expected) => {
    const token = await logIn(role);
    const before = await countFetches();
    const { status, json } = await post('/graphql', { query: operations[operation] }, token);
    const code = json.errors?.[0]?.extensions.code;
    expect(code ? `${status} ${code}` : `${status}`).toBe(expected);
    expect((await countFetches()) - before).toBe(expected === '200' ? 1 : 0);
  });

  test('a guest who asks for what needs a login is told so, and nothing is fetched', async () => {
    const before = await countFetches();
    const { status, json } = await post('/graphql', { query: operations.closeShop });
    expect([status, json.errors?.[0]?.extensions.code, (await countFetches()) - before]).toEqual([
      401,
      'UNAUTHENTICATED',
      0,
    ]);
  });
});

test('a page of 50 orders with lines, products and buyers costs one fetch per subgraph and hop', async () => {
  const token = await logIn('SUPER');
  const before = await countFetches();
  const query = `{ users(first: 50) { nodes { id orders(first: 1) { nodes { id lines { sku { product { id } } } } } } } }`;
  const { json } = await post('/graphql', { query }, token);
  expect(json.errors).toBeUndefined();
  expect((await countFetches()) - before).toBe(2);
});

test('the addresses for operators say live, and ready', async () => {
  const answers = await Promise.all(
    ['/health/live', '/health/ready'].map(async (path) => (await fetch(`${stack.adminUrl}${path}`)).json()),
  );
  expect(answers).toEqual([{ status: 'live' }, { status: 'ready' }]);
});
