/** What the order subgraph hears from the product subgraph, and what it makes of silence and nonsense. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createProductClient, type ProductClient } from '../../../subgraphs/order/product-client.ts';
import { internalKey } from '../../support/subgraph-call.ts';
import type { Fault } from './fault-proxy.ts';
import { addSku, type OrderShop, startShop } from './start-shop.ts';

let shop: OrderShop;
let product: ProductClient;
beforeAll(async () => {
  shop = await startShop();
  await addSku(shop, 'cup', 5);
  product = createProductClient({ productUrl: shop.proxy.url, internalKey, now: () => shop.clock.ms });
});
afterEach(() => {
  shop.proxy.faults = {};
});
afterAll(async () => {
  await product.close();
  await shop.close();
});

const lines = [{ skuId: 'cup', quantity: 2 }];
const unavailable = expect.objectContaining({
  message: 'The stock of the shop cannot be reached. Try again.',
  extensions: { code: 'UPSTREAM_UNAVAILABLE' },
});

test('a reservation is held with the price and weight of that moment, then kept, then given back', async () => {
  const answers = [
    await product.reserveStock('r-1', lines),
    await product.confirmReservation('r-1'),
    await product.releaseReservation('r-1'),
    await product.confirmReservation('r-1'),
    await product.confirmReservation('r-2'),
  ];

  expect(answers).toEqual([
    {
      __typename: 'StockReservation',
      state: 'HELD',
      lines: [
        {
          skuId: 'cup',
          productId: 'p-test',
          title: 'Cup',
          quantity: 2,
          priceFen: 1_000,
          weightGrams: 300,
        },
      ],
    },
    'CONFIRMED',
    'RELEASED',
    'RELEASED',
    'UNKNOWN',
  ]);
});

describe('the product subgraph counts as unavailable when', () => {
  const never = new Promise<void>(() => {});

  test.each<[string, Fault]>([
    ['it cannot be reached', 'lose-request'],
    ['its answer is lost', 'lose-answer'],
    ['it is silent for two seconds', never],
    ['its answer is no JSON', () => '<html>'],
    ['its answer is of another form', (answer) => answer.replace('HELD', 'MISLAID')],
    ['its answer is larger than any that is due', (answer) => answer + ' '.repeat(262_144)],
    ['it answers with an error', () => '{"data":null,"errors":[{"message":"no"}]}'],
  ])('%s', async (title, fault) => {
    shop.proxy.faults = { reserveStock: fault };

    await expect(product.reserveStock(title, [{ skuId: 'cup', quantity: 1 }])).rejects.toEqual(unavailable);
  });

  test('it does not know the key', async () => {
    const stranger = createProductClient({
      productUrl: shop.proxy.url,
      internalKey: 'another key of more than 32 characters',
      now: () => shop.clock.ms,
    });

    await expect(stranger.confirmReservation('r-1')).rejects.toEqual(unavailable);
    await stranger.close();
  });

  test('its address is not known yet', async () => {
    const early = createProductClient({
      productUrl: () => {
        throw new Error('It has not started.');
      },
      internalKey,
      now: () => shop.clock.ms,
    });

    await expect(early.confirmReservation('r-1')).rejects.toEqual(unavailable);
    await early.close();
  });
});
