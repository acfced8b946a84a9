/** What a reservation does to the stock. The clock moves only where a test moves it. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { guest, user } from '../../support/subgraph-call.ts';
import { type ProductUnderTest, startProduct } from './start-product.ts';

const tea = 's-0001-1';
const cup = 's-0002-1';
let product: ProductUnderTest;

beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product.close());
beforeEach(async () => {
  await product.forgetReservations();
  await product.setStock({ [tea]: 10, [cup]: 10 });
});

const stocks = async () => ({ tea: await product.stockOf(tea), cup: await product.stockOf(cup) });

const teaLine = {
  skuId: tea,
  productId: 'p-0001',
  title: '明前西湖龙井',
  quantity: 4,
  priceFen: 12_800,
  weightGrams: 95,
};

describe('holding', () => {
  test('takes the stock and answers with the SKUs as they are now', async () => {
    const answer = await product.reserve('hold-1', { [tea]: 4 });

    expect(answer).toEqual({ __typename: 'StockReservation', id: 'hold-1', state: 'HELD', lines: [teaLine] });
    expect(await stocks()).toEqual({ tea: 6, cup: 10 });
  });

  test('the same id and lines answer the same again and take nothing more', async () => {
    const first = await product.reserve('hold-2', { [cup]: 1, [tea]: 4 });
    const second = await product.reserve('hold-2', { [tea]: 4, [cup]: 1 });

    expect(second).toEqual(first);
    expect(await stocks()).toEqual({ tea: 6, cup: 9 });
  });

  test('the same id with other lines is refused and takes nothing', async () => {
    await product.reserve('hold-3', { [tea]: 4 });
    const conflict = [
      { message: 'This reservation id was used for other lines.', code: 'RESERVATION_CONFLICT' },
    ];

    expect(await product.reserve('hold-3', { [tea]: 5 })).toEqual(conflict);
    expect(await product.reserve('hold-3', { [cup]: 4 })).toEqual(conflict);
    expect(await product.reserve('hold-3', { [tea]: 4, [cup]: 1 })).toEqual(conflict);
    expect(await stocks()).toEqual({ tea: 6, cup: 10 });
  });

  test('one line out of stock takes none of the lines', async () => {
    expect(await product.reserve('hold-4', { [tea]: 10, [cup]: 11 })).toEqual({
      __typename: 'OutOfStock',
      skuId: cup,
      available: 10,
    });
    expect(await stocks()).toEqual({ tea: 10, cup: 10 });
  });

  test('an unknown SKU takes none of the lines', async () => {
    expect(await product.reserve('hold-5', { [tea]: 1, 's-9999-1': 1 })).toEqual({
      __typename: 'UnknownSku',
      skuId: 's-9999-1',
    });
    expect(await stocks()).toEqual({ tea: 10, cup: 10 });
  });

  test('an id that was refused may be tried again', async () => {
    await product.reserve('hold-6', { [tea]: 11 });
    await product.setStock({ [tea]: 11 });

    expect(await product.reserve('hold-6', { [tea]: 11 })).toMatchObject({ state: 'HELD' });
    expect(await stocks()).toEqual({ tea: 0, cup: 10 });
  });

  test.each([
    ['no line', {}, 60, '"lines" must be from 1 to 100.'],
    ['a quantity of 0', { [tea]: 0 }, 60, '"quantity" must be 1 or more.'],
    ['a quantity below 0', { [tea]: 1, [cup]: -1 }, 60, '"quantity" must be 1 or more.'],
    ['no time', { [tea]: 1 }, 0, '"ttlSeconds" must be from 1 to 86400.'],
    ['more than a day', { [tea]: 1 }, 86_401, '"ttlSeconds" must be from 1 to 86400.'],
  ])('%s is refused', async (_, lines, ttlSeconds, message) => {
    expect(await product.reserve('hold-7', lines, ttlSeconds)).toEqual([{ message, code: 'BAD_USER_INPUT' }]);
    expect(await stocks()).toEqual({ tea: 10, cup: 10 });
  });

  test('a SKU named twice is refused', async () => {
    const { errors } = await product.call({
      caller: { kind: 'service', name: 'order' },
      query: `mutation { reserveStock(reservationId: "hold-8", ttlSeconds: 60, lines: [
        { skuId: "${tea}", quantity: 1 }, { skuId: "${tea}", quantity: 2 }
      ]) { __typename } }`,
    });

    expect(errors).toEqual([{ message: '"lines" name one SKU twice.', code: 'BAD_USER_INPUT' }]);
    expect(await stocks()).toEqual({ tea: 10, cup: 10 });
  });
});

describe('settling', () => {
  test('a confirmed hold keeps its stock after its time is up', async () => {
    await product.reserve('settle-1', { [tea]: 4 }, 60);

    expect(await product.confirm('settle-1')).toBe('CONFIRMED');
    expect(await product.confirm('settle-1')).toBe('CONFIRMED');
    product.clock.now += 60_000;
    expect(await product.reserve('settle-1', { [tea]: 4 })).toMatchObject({ state: 'CONFIRMED' });
    expect(await stocks()).toEqual({ tea: 6, cup: 10 });
  });

  test('releasing a hold gives its stock back once', async () => {
    await product.reserve('settle-2', { [tea]: 4, [cup]: 3 });

    expect(await product.release('settle-2')).toBe('RELEASED');
    expect(await product.release('settle-2')).toBe('RELEASED');
    expect(await product.confirm('settle-2')).toBe('RELEASED');
    expect(await stocks()).toEqual({ tea: 10, cup: 10 });
  });

  test('releasing a confirmed reservation gives its stock back once', async () => {
    await product.reserve('settle-3', { [tea]: 4 });
    await product.confirm('settle-3');

    expect(await product.release('settle-3')).toBe('RELEASED');
    expect(await product.release('settle-3')).toBe('RELEASED');
    expect(await stocks()).toEqual({ tea: 10, cup: 10 });
  });

  test('an id that nobody used is UNKNOWN', async () => {
    expect(await product.confirm('never')).toBe('UNKNOWN');
    expect(await product.release('never')).toBe('UNKNOWN');
  });
});

describe('expiry', () => {
  test('confirming a hold whose time is up answers EXPIRED and gives its stock back', async () => {
    await product.reserve('expiry-1', { [tea]: 4 }, 60);
    product.clock.now += 60_000;

    expect(await product.confirm('expiry-1')).toBe('EXPIRED');
    expect(await product.release('expiry-1')).toBe('EXPIRED');
    expect(await stocks()).toEqual({ tea: 10, cup: 10 });
  });

  test('a hold is confirmed until the last millisecond', async () => {
    await product.reserve('expiry-2', { [tea]: 4 }, 60);
    product.clock.now += 59_999;

    expect(await product.confirm('expiry-2')).toBe('CONFIRMED');
  });

  test('stock of expired holds serves the next one, even when that is refused for another SKU', async () => {
    await product.reserve('expiry-3', { [tea]: 10, [cup]: 2 }, 60);
    product.clock.now += 60_000;

    expect(await product.reserve('expiry-4', { [tea]: 10, 's-0003-1': 9_999 })).toMatchObject({
      __typename: 'OutOfStock',
      skuId: 's-0003-1',
    });
    expect(await stocks()).toEqual({ tea: 10, cup: 10 });
    expect(await product.reserve('expiry-5', { [tea]: 10 })).toMatchObject({ state: 'HELD' });
    expect(await product.reserve('expiry-3', { [tea]: 10, [cup]: 2 })).toMatchObject({ state: 'EXPIRED' });
  });
});

describe('people', () => {
  test.each([
    ['a guest', guest],
    ['a user', user('u-1')],
    ['SUPER', user('u-2', ['USER', 'ADMIN', 'SUPER'])],
  ])('%s never reaches the internal mutations', async (_, caller) => {
    const denied = { message: 'Only other services may do this.', code: 'FORBIDDEN' };

    expect(
      await product.call({
        caller,
        query: `mutation {
          reserveStock(reservationId: "people", ttlSeconds: 60, lines: [{ skuId: "${tea}", quantity: 1 }]) { __typename }
        }`,
      }),
    ).toEqual({ data: null, errors: [denied] });
    for (const field of ['confirmReservation', 'releaseReservation']) {
      expect(await product.call({ caller, query: `mutation { ${field}(reservationId: "people") }` })).toEqual(
        { data: null, errors: [denied] },
      );
    }
    expect(await stocks()).toEqual({ tea: 10, cup: 10 });
  });
});
