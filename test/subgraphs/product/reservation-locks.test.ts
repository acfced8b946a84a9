/** Reservations that race each other, on a database with many connections. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createPostgresDatabase, type PostgresDatabase } from '../../support/postgres-database.ts';
import { describeWith } from '../../support/services.ts';
import { type ProductUnderTest, startProduct } from './start-product.ts';

describeWith('postgres', 'reservations on Postgres', (serverUrl) => {
  let postgres: PostgresDatabase;
  let product: ProductUnderTest;

  beforeAll(async () => {
    postgres = await createPostgresDatabase(serverUrl);
    product = await startProduct({ databaseUrl: postgres.url, sweepIntervalMs: 20 });
  });
  afterAll(async () => {
    await product?.close();
    await postgres?.drop();
  });

  const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

  test('100 at once for the last 10 pieces succeed exactly 10 times', async () => {
    await product.setStock({ 's-0001-1': 10 });

    const answers = await Promise.all(
      numbers(100).map((i) => product.reserve(`rush-${i}`, { 's-0001-1': 1 })),
    );

    const outOfStock = { __typename: 'OutOfStock', skuId: 's-0001-1', available: 0 };
    const refused = answers.filter(
      (answer) => (answer as { __typename?: string }).__typename === 'OutOfStock',
    );
    expect(refused).toEqual(numbers(90).map(() => outOfStock));
    expect(answers.filter((answer) => (answer as { state?: string }).state === 'HELD')).toHaveLength(10);
    expect(await product.stockOf('s-0001-1')).toBe(0);
  });

  test('the same reservation 20 times at once takes its stock once', async () => {
    await product.setStock({ 's-0002-1': 10 });

    const answers = await Promise.all(numbers(20).map(() => product.reserve('same', { 's-0002-1': 3 })));

    expect(answers[0]).toMatchObject({ __typename: 'StockReservation', state: 'HELD' });
    expect(answers).toEqual(numbers(20).map(() => answers[0]));
    expect(await product.stockOf('s-0002-1')).toBe(7);
  });

  test('reservations that name their SKUs in opposite orders never wait for each other forever', async () => {
    await product.setStock({ 's-0003-1': 100, 's-0003-2': 100 });

    const answers = await Promise.all(
      numbers(60).map((i) =>
        product.reserve(
          `order-${i}`,
          i % 2 ? { 's-0003-1': 1, 's-0003-2': 1 } : { 's-0003-2': 1, 's-0003-1': 1 },
        ),
      ),
    );

    expect(answers.map((answer) => (answer as { state?: string }).state)).toEqual(
      numbers(60).map(() => 'HELD'),
    );
    expect(await product.stockOf('s-0003-1')).toBe(40);
    expect(await product.stockOf('s-0003-2')).toBe(40);
  });

  test('confirming and releasing at once leaves one answer and gives stock back at most once', async () => {
    await product.setStock({ 's-0004-1': 20 });
    await Promise.all(numbers(20).map((i) => product.reserve(`both-${i}`, { 's-0004-1': 1 })));

    await Promise.all(
      numbers(20).flatMap((i) => [
        product.confirm(`both-${i}`),
        product.release(`both-${i}`),
        product.release(`both-${i}`),
      ]),
    );

    expect(await product.stockOf('s-0004-1')).toBe(20);
  });

  test('the timer gives back the stock of expired holds that nobody asks for', async () => {
    await product.setStock({ 's-0005-1': 10 });
    await product.reserve('forgotten', { 's-0005-1': 10 }, 60);
    product.clock.now += 60_000;

    await vi.waitFor(async () => expect(await product.stockOf('s-0005-1')).toBe(10), { timeout: 5_000 });
    expect(await product.confirm('forgotten')).toBe('EXPIRED');
  });
});
