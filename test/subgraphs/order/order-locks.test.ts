/** Many buyers and many connections at once, on a database whose locks are real. */
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { orderTable } from '../../../subgraphs/order/tables.ts';
import { createPostgresDatabase, type PostgresDatabase } from '../../support/postgres-database.ts';
import { describeWith } from '../../support/services.ts';
import { type SubgraphAnswer, type SubgraphCall, user } from '../../support/subgraph-call.ts';
import {
  addSku,
  admin,
  buyer,
  contentsOf,
  createOrder,
  eventually,
  fieldOf,
  idOf,
  type OrderShop,
  piecesOf,
  startShop,
  stockOf,
  stockStateOf,
} from './start-shop.ts';

describeWith('postgres', 'on Postgres', (serverUrl) => {
  let database: PostgresDatabase;
  let shop: OrderShop;
  beforeAll(async () => {
    database = await createPostgresDatabase(serverUrl);
    shop = await startShop({ databaseUrl: database.url });
  });
  afterAll(async () => {
    await shop?.close();
    await database?.drop();
  });

  /** As a client does: once more with the same key while the answer is that the shop is too busy. */
  async function buyOne(skuId: string, userId: string): Promise<string> {
    const order = { lines: [{ skuId, quantity: 1 }], caller: user(userId), key: 'last' };
    for (;;) {
      const answer = await createOrder(shop, order);
      const code = answer.errors?.[0]?.code;
      if (code !== 'UPSTREAM_UNAVAILABLE') {
        return code ?? fieldOf<{ __typename: string }>(answer, 'createOrder').__typename;
      }
    }
  }

  test('a hundred users at once buy the last ten pieces, and no more', async () => {
    await addSku(shop, 'last', 10);
    const before = await contentsOf(shop);
    const users = Array.from({ length: 100 }, (_, i) => `u-last-${i}`);

    const answers = await Promise.all(users.map((userId) => buyOne('last', userId)));

    expect(answers.toSorted()).toEqual([...Array(10).fill('Order'), ...Array(90).fill('OutOfStock')]);
    expect(await stockOf(shop, 'last')).toBe(0);
    expect(await piecesOf(shop, 'last')).toBe(10);
    expect((await contentsOf(shop)).orders).toBe(before.orders + 10);
  });

  /** Asks while another transaction has already moved the order to `to`, and commits that one once both have met. */
  async function askBehind(
    orderId: string,
    to: 'PAID' | 'SHIPPED',
    question: SubgraphCall,
  ): Promise<SubgraphAnswer> {
    const waiting = sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    let answer: Promise<SubgraphAnswer> | undefined;
    await shop.rows.transaction(async (transaction) => {
      await transaction.update(orderTable).set({ status: to }).where(eq(orderTable.id, orderId));
      answer = shop.ask(question);
      await eventually(async () => {
        const { rows } = (await shop.rows.execute(waiting)) as unknown as { rows: unknown[] };
        return rows.length;
      }).toBe(1);
    });
    if (!answer) throw new Error('Nothing was asked.');
    return answer;
  }

  test.each([
    ['a second payment', 'PAID', 'advanceOrder', admin],
    ['a cancellation', 'SHIPPED', 'cancelOrder', buyer],
  ] as const)('%s finds that it has come second', async (title, status, field, caller) => {
    const skuId = `second-${field}`;
    await addSku(shop, skuId, 5);
    const id = idOf(await createOrder(shop, { lines: [{ skuId, quantity: 1 }], key: title }));
    const to = field === 'advanceOrder' ? 'PAID' : 'CANCELLED';
    const argument = field === 'advanceOrder' ? ', to: PAID' : '';
    const query = `mutation ($id: ID!) { ${field}(id: $id${argument}) { ... on IllegalTransition { from to } } }`;

    const answer = await askBehind(id, status, { query, variables: { id }, caller });

    expect(answer).toEqual({ data: { [field]: { from: status, to } } });
    expect(await stockStateOf(shop, id)).toEqual({ status, stockState: 'confirmed' });
    expect(await stockOf(shop, skuId)).toBe(4);
  });

  test('twenty requests with one key at once make one order and get one answer', async () => {
    await addSku(shop, 'twenty', 20);
    const order = { lines: [{ skuId: 'twenty', quantity: 1 }], key: 'twenty' };

    const answers = await Promise.all(Array.from({ length: 20 }, () => createOrder(shop, order)));

    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.data?.createOrder).toMatchObject({ __typename: 'Order', totalFen: 1_000 });
    expect(await stockOf(shop, 'twenty')).toBe(19);
  });
});
