/** One key, one answer: in a crowd, after a crash, and for an owner that has been replaced. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerClaim, forgetOldKeys, freeClaim } from '../../../subgraphs/order/idempotency.ts';
import { placeOrder } from '../../../subgraphs/order/place-order.ts';
import { createProductClient, type ProductClient } from '../../../subgraphs/order/product-client.ts';
import { internalKey } from '../../support/subgraph-call.ts';
import {
  addSku,
  buyer,
  claimAndCrash,
  contentsOf,
  createOrder,
  eventually,
  idOf,
  keysOf,
  type OrderShop,
  type SecondOrder,
  startShop,
  stockOf,
  stranger,
} from './start-shop.ts';

let shop: OrderShop;
/** Has no patience with a key that is taken. */
let hasty: SecondOrder;
beforeAll(async () => {
  shop = await startShop();
  hasty = await shop.startSecondOrder({ claimWaitMs: 200 });
});
afterAll(async () => {
  await hasty.close();
  await shop.close();
});

test('twenty requests with one key at once make one order and get one answer', async () => {
  await addSku(shop, 'twenty', 20);
  const lines = [{ skuId: 'twenty', quantity: 1 }];
  const before = await contentsOf(shop);

  const answers = await Promise.all(
    Array.from({ length: 20 }, () => createOrder(shop, { lines, key: 'twenty' })),
  );

  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(idOf(answers[0] ?? {})).toMatch(/^o-/);
  expect(await stockOf(shop, 'twenty')).toBe(19);
  expect((await contentsOf(shop)).orders).toBe(before.orders + 1);
});

test('a repetition is answered as the first request was, whatever became of the order', async () => {
  await addSku(shop, 'repeated', 5);
  const lines = [{ skuId: 'repeated', quantity: 1 }];
  const first = await createOrder(shop, { lines, key: 'repeated' });
  const cancel = 'mutation ($id: ID!) { cancelOrder(id: $id) { ... on Order { status } } }';
  await shop.ask({ query: cancel, variables: { id: idOf(first) }, caller: buyer });

  expect(await createOrder(shop, { lines, key: 'repeated' })).toEqual(first);
  expect(await stockOf(shop, 'repeated')).toBe(5);
});

test('a key that came with other lines is refused', async () => {
  await addSku(shop, 'reused', 5);
  await createOrder(shop, { lines: [{ skuId: 'reused', quantity: 1 }], key: 'reused' });

  expect(await createOrder(shop, { lines: [{ skuId: 'reused', quantity: 2 }], key: 'reused' })).toEqual({
    data: null,
    errors: [{ message: 'This Idempotency-Key was used for another order.', code: 'IDEMPOTENCY_KEY_REUSED' }],
  });
  expect(await stockOf(shop, 'reused')).toBe(4);
});

test('two users with the same key have an order each', async () => {
  await addSku(shop, 'two-users', 5);
  const lines = [{ skuId: 'two-users', quantity: 1 }];

  const mine = await createOrder(shop, { lines, key: 'shared' });
  const theirs = await createOrder(shop, { lines, key: 'shared', caller: stranger });

  expect(theirs.data?.createOrder).toMatchObject({ __typename: 'Order', buyer: { id: 'u-stranger' } });
  expect(idOf(theirs)).not.toBe(idOf(mine));
});

test('a key whose answer does not come is said to be in progress', async () => {
  const lines = [{ skuId: 'cup', quantity: 1 }];
  await claimAndCrash(shop, 'slow', lines);
  const before = await contentsOf(shop);

  expect(await createOrder(hasty, { lines, key: 'slow' })).toEqual({
    data: null,
    errors: [{ message: 'This order is still being placed. Ask again.', code: 'IDEMPOTENCY_IN_PROGRESS' }],
  });
  expect(await contentsOf(shop)).toEqual(before);
});

test('a claim whose owner has been silent for 30 seconds is taken over, for the same order', async () => {
  await addSku(shop, 'silent', 5);
  const lines = [{ skuId: 'silent', quantity: 1 }];
  const claim = await claimAndCrash(shop, 'silent', lines);

  shop.clock.ms += 30_000;
  const early = await createOrder(hasty, { lines, key: 'silent' });
  shop.clock.ms += 1;
  const late = await createOrder(shop, { lines, key: 'silent' });

  expect(early.errors?.[0]?.code).toBe('IDEMPOTENCY_IN_PROGRESS');
  expect(idOf(late)).toBe(claim.orderId);
});

test('an owner that was merely slow gets the answer of the one that took over', async () => {
  await addSku(shop, 'replaced', 5);
  const lines = [{ skuId: 'replaced', quantity: 1 }];
  const product = createProductClient({ productUrl: shop.proxy.url, internalKey, now: () => shop.clock.ms });
  const arrived = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const slowProduct: ProductClient = {
    ...product,
    async reserveStock(...request) {
      arrived.resolve();
      await gate.promise;
      return product.reserveStock(...request);
    },
  };
  const slow = placeOrder(
    { database: shop.rows, product: slowProduct, now: () => shop.clock.ms, claimWaitMs: 8_000 },
    { userId: 'u-buyer', key: 'replaced#createOrder', lines },
  );
  await arrived.promise;

  shop.clock.ms += 30_001;
  const quick = await createOrder(shop, { lines, key: 'replaced' });
  gate.resolve();

  expect(await slow).toMatchObject({ __typename: 'Order', id: idOf(quick) });
  expect(await stockOf(shop, 'replaced')).toBe(4);
  await product.close();
});

test('a claim that was taken over can no longer be answered or freed by its first owner', async () => {
  const lines = [{ skuId: 'cup', quantity: 1 }];
  const first = await claimAndCrash(shop, 'fenced', lines);
  shop.clock.ms += 30_001;
  const second = await claimAndCrash(shop, 'fenced', lines);
  const closed = { __typename: 'ShopClosed', message: 'Closed.' } as const;

  expect(await answerClaim(shop.rows, first, { __typename: 'ShopClosed', message: 'Too late.' })).toBe(false);
  await freeClaim(shop.rows, first);
  expect(await answerClaim(shop.rows, second, closed)).toBe(true);

  expect(second.orderId).toBe(first.orderId);
  expect(await createOrder(shop, { lines, key: 'fenced' })).toEqual({ data: { createOrder: closed } });
});

test('a claim is not taken over with other lines', async () => {
  await claimAndCrash(shop, 'other-lines', [{ skuId: 'cup', quantity: 1 }]);
  shop.clock.ms += 30_001;

  const answer = await createOrder(shop, { lines: [{ skuId: 'cup', quantity: 2 }], key: 'other-lines' });

  expect(answer.errors?.[0]?.code).toBe('IDEMPOTENCY_KEY_REUSED');
});

test('a key is forgotten after seven days: then it places another order', async () => {
  await addSku(shop, 'forgotten', 5);
  const lines = [{ skuId: 'forgotten', quantity: 1 }];
  const first = await createOrder(shop, { lines, key: 'forgotten' });

  shop.clock.ms += 7 * 24 * 3_600_000;
  await forgetOldKeys(shop.rows, shop.clock.ms);
  const repeated = await createOrder(shop, { lines, key: 'forgotten' });
  shop.clock.ms += 1;
  await eventually(() => keysOf(shop)).toBe(0);
  const another = await createOrder(shop, { lines, key: 'forgotten' });

  expect(repeated).toEqual(first);
  expect(idOf(another)).not.toBe(idOf(first));
  expect(await stockOf(shop, 'forgotten')).toBe(3);
});
