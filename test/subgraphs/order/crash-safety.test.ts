/** Goods neither vanish nor multiply, between whichever two steps the order subgraph or its messages stop. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { holdStock } from '../../../subgraphs/order/hold-stock.ts';
import { createProductClient, type ProductClient } from '../../../subgraphs/order/product-client.ts';
import { settleStock } from '../../../subgraphs/order/settle-stock.ts';
import { internalKey } from '../../support/subgraph-call.ts';
import {
  addSku,
  buyer,
  claimAndCrash,
  createOrder,
  eventually,
  idOf,
  type OrderShop,
  piecesOf,
  startShop,
  stockOf,
  stockStateOf,
} from './start-shop.ts';

let shop: OrderShop;
let product: ProductClient;
beforeAll(async () => {
  shop = await startShop();
  product = createProductClient({ productUrl: shop.proxy.url, internalKey, now: () => shop.clock.ms });
});
afterEach(() => {
  shop.proxy.faults = {};
});
afterAll(async () => {
  await product.close();
  await shop.close();
});

const untilReservationsExpireMs = 120_001;

function cancelOrder(id: string) {
  const query = 'mutation ($id: ID!) { cancelOrder(id: $id) { ... on Order { status } } }';
  return shop.ask({ query, variables: { id }, caller: buyer });
}

describe('a crash', () => {
  test('before the stock is held costs nothing: the repetition places the order', async () => {
    await addSku(shop, 'claimed', 5);
    const lines = [{ skuId: 'claimed', quantity: 2 }];
    const { orderId } = await claimAndCrash(shop, 'claimed', lines);

    shop.clock.ms += 30_001;
    const answer = await createOrder(shop, { lines, key: 'claimed' });

    expect(idOf(answer)).toBe(orderId);
    expect(await stockOf(shop, 'claimed')).toBe(3);
    expect(await piecesOf(shop, 'claimed')).toBe(5);
  });

  test('after the stock is held gives it back when the reservation ends', async () => {
    await addSku(shop, 'abandoned', 5);
    const lines = [{ skuId: 'abandoned', quantity: 2 }];
    const { orderId } = await claimAndCrash(shop, 'abandoned', lines);
    await holdStock(product, orderId, lines);
    expect(await stockOf(shop, 'abandoned')).toBe(3);

    shop.clock.ms += untilReservationsExpireMs;

    await eventually(() => stockOf(shop, 'abandoned')).toBe(5);
  });

  test.each([
    ['held', 30_001],
    ['expired', untilReservationsExpireMs],
  ])(
    'after the stock is held lets the repetition place the order while the reservation is %s',
    async (name, passedMs) => {
      await addSku(shop, `repeated-${name}`, 5);
      const lines = [{ skuId: `repeated-${name}`, quantity: 2 }];
      const { orderId } = await claimAndCrash(shop, name, lines);
      await holdStock(product, orderId, lines);

      shop.clock.ms += passedMs;
      const answer = await createOrder(shop, { lines, key: name });

      expect(idOf(answer)).toBe(orderId);
      expect(await stockOf(shop, `repeated-${name}`)).toBe(3);
      expect(await stockStateOf(shop, orderId)).toEqual({ status: 'CREATED', stockState: 'confirmed' });
    },
  );

  test('after the order is written is made good by the next start', async () => {
    await addSku(shop, 'restarted', 5);
    shop.proxy.faults = { confirmReservation: 'lose-request' };
    const id = idOf(
      await createOrder(shop, { lines: [{ skuId: 'restarted', quantity: 2 }], key: 'restarted' }),
    );
    expect(await stockStateOf(shop, id)).toEqual({ status: 'CREATED', stockState: 'held' });

    const second = await shop.startSecondOrder({});

    await eventually(() => stockStateOf(shop, id)).toEqual({ status: 'CREATED', stockState: 'confirmed' });
    await second.close();
    shop.clock.ms += untilReservationsExpireMs;
    expect(await stockOf(shop, 'restarted')).toBe(3);
  });
});

describe('an order whose stock was never confirmed', () => {
  test.each(['lose-request', 'lose-answer'] as const)('is confirmed later (%s)', async (fault) => {
    await addSku(shop, fault, 5);
    shop.proxy.faults = { confirmReservation: fault };
    const id = idOf(await createOrder(shop, { lines: [{ skuId: fault, quantity: 2 }], key: fault }));
    expect(await stockStateOf(shop, id)).toEqual({ status: 'CREATED', stockState: 'held' });

    shop.proxy.faults = {};

    await eventually(() => stockStateOf(shop, id)).toEqual({ status: 'CREATED', stockState: 'confirmed' });
    expect(await piecesOf(shop, fault)).toBe(5);
  });

  test('takes its pieces again when the reservation has ended and they are still there', async () => {
    await addSku(shop, 'renewed', 5);
    shop.proxy.faults = { confirmReservation: 'lose-request' };
    const id = idOf(await createOrder(shop, { lines: [{ skuId: 'renewed', quantity: 2 }], key: 'renewed' }));
    shop.clock.ms += untilReservationsExpireMs;
    await eventually(() => stockOf(shop, 'renewed')).toBe(5);

    shop.proxy.faults = {};

    await eventually(() => stockStateOf(shop, id)).toEqual({ status: 'CREATED', stockState: 'confirmed' });
    expect(await stockOf(shop, 'renewed')).toBe(3);
    shop.clock.ms += untilReservationsExpireMs;
    expect(await cancelOrder(id)).toEqual({ data: { cancelOrder: { status: 'CANCELLED' } } });
    expect(await stockOf(shop, 'renewed')).toBe(5);
  });

  test('is cancelled when somebody else has bought them', async () => {
    await addSku(shop, 'gone', 5);
    shop.proxy.faults = { confirmReservation: 'lose-request' };
    const lost = idOf(await createOrder(shop, { lines: [{ skuId: 'gone', quantity: 2 }], key: 'gone' }));
    shop.clock.ms += untilReservationsExpireMs;
    await eventually(() => stockOf(shop, 'gone')).toBe(5);
    const won = idOf(await createOrder(shop, { lines: [{ skuId: 'gone', quantity: 4 }], key: 'gone-2' }));

    shop.proxy.faults = {};

    await eventually(() => stockStateOf(shop, lost)).toEqual({ status: 'CANCELLED', stockState: 'released' });
    await eventually(() => stockStateOf(shop, won)).toEqual({ status: 'CREATED', stockState: 'confirmed' });
    expect(await stockOf(shop, 'gone')).toBe(1);
    expect(await piecesOf(shop, 'gone')).toBe(5);
  });

  test('stays when one process found the shelf empty just before another took the pieces', async () => {
    await addSku(shop, 'glimpsed', 5);
    shop.proxy.faults = { confirmReservation: 'lose-request' };
    const id = idOf(
      await createOrder(shop, { lines: [{ skuId: 'glimpsed', quantity: 2 }], key: 'glimpsed' }),
    );
    shop.clock.ms += untilReservationsExpireMs;
    await eventually(() => stockOf(shop, 'glimpsed')).toBe(5);
    const now = () => shop.clock.ms;
    const direct = createProductClient({ productUrl: shop.productUrl, internalKey, now });
    const found = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const late: ProductClient = {
      ...direct,
      async reserveStock(...request) {
        const answer = await direct.reserveStock(...request);
        if (answer.__typename === 'OutOfStock') {
          found.resolve();
          await gate.promise;
        }
        return answer;
      },
    };
    const interrupted: ProductClient = {
      ...direct,
      async confirmReservation(reservationId) {
        if (reservationId !== id) throw new Error('This process stops here.');
        return direct.confirmReservation(reservationId);
      },
    };

    const everything = [{ skuId: 'glimpsed', quantity: 5 }];
    await direct.reserveStock('everything', everything);
    const settling = settleStock({ database: shop.rows, product: late }, id);
    await found.promise;
    await direct.releaseReservation('everything');
    await expect(settleStock({ database: shop.rows, product: interrupted }, id)).rejects.toThrow();
    gate.resolve();
    await settling;

    expect(await stockStateOf(shop, id)).toEqual({ status: 'CREATED', stockState: 'held' });
    shop.proxy.faults = {};
    await eventually(() => stockStateOf(shop, id)).toEqual({ status: 'CREATED', stockState: 'confirmed' });
    expect(await piecesOf(shop, 'glimpsed')).toBe(5);
    await direct.close();
  });

  test('and that is cancelled while its pieces are taken again, leaves none of them taken', async () => {
    await addSku(shop, 'raced', 5);
    shop.proxy.faults = { confirmReservation: 'lose-request' };
    const id = idOf(await createOrder(shop, { lines: [{ skuId: 'raced', quantity: 2 }], key: 'raced' }));
    shop.clock.ms += untilReservationsExpireMs;
    await eventually(() => stockOf(shop, 'raced')).toBe(5);
    const gate = Promise.withResolvers<void>();
    const seen = shop.proxy.seen.length;
    shop.proxy.faults = { reserveStock: gate.promise };
    await eventually(() => shop.proxy.seen.slice(seen)).toContain('reserveStock');

    await cancelOrder(id);
    shop.proxy.faults = {};
    gate.resolve();

    // The pieces come off the shelf for a reservation that no order names, and go back when it ends.
    await eventually(() => stockOf(shop, 'raced')).toBe(3);
    shop.clock.ms += untilReservationsExpireMs;
    await eventually(() => stockOf(shop, 'raced')).toBe(5);
    expect(await stockStateOf(shop, id)).toEqual({ status: 'CANCELLED', stockState: 'released' });
  });
});

describe('a cancelled order', () => {
  test.each(['lose-request', 'lose-answer'] as const)('gives its stock back once (%s)', async (fault) => {
    const skuId = `cancelled-${fault}`;
    await addSku(shop, skuId, 5);
    const id = idOf(await createOrder(shop, { lines: [{ skuId, quantity: 2 }], key: skuId }));
    shop.proxy.faults = { releaseReservation: fault };

    const answer = await cancelOrder(id);

    expect(answer).toEqual({ data: { cancelOrder: { status: 'CANCELLED' } } });
    expect(await stockStateOf(shop, id)).toEqual({ status: 'CANCELLED', stockState: 'release_pending' });
    shop.proxy.faults = {};
    await eventually(() => stockStateOf(shop, id)).toEqual({ status: 'CANCELLED', stockState: 'released' });
    expect(await stockOf(shop, skuId)).toBe(5);
  });
});

test('stock whose reservation was made while its answer was lost is taken once', async () => {
  await addSku(shop, 'unheard', 5);
  const lines = [{ skuId: 'unheard', quantity: 2 }];
  shop.proxy.faults = { reserveStock: 'lose-answer' };
  const failed = await createOrder(shop, { lines, key: 'unheard' });
  shop.proxy.faults = {};

  const repeated = await createOrder(shop, { lines, key: 'unheard' });

  expect(failed.errors?.[0]?.code).toBe('UPSTREAM_UNAVAILABLE');
  expect(idOf(repeated)).toMatch(/^o-/);
  expect(await stockOf(shop, 'unheard')).toBe(3);
});
