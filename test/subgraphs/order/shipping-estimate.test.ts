/** The tariff, at its edges. */
import { expect, test } from 'vitest';
import { shippingEstimateFen } from '../../../subgraphs/order/shipping-estimate.ts';

test.each([
  [{ priceFen: 9_899, weightGrams: 1 }, 800],
  [{ priceFen: 9_899, weightGrams: 1_000 }, 800],
  [{ priceFen: 9_899, weightGrams: 1_001 }, 1_000],
  [{ priceFen: 9_899, weightGrams: 2_000 }, 1_000],
  [{ priceFen: 9_899, weightGrams: 2_001 }, 1_200],
  [{ priceFen: 9_900, weightGrams: 1 }, 0],
  [{ priceFen: 9_900, weightGrams: 50_000 }, 0],
])('sending %o costs %i fen', (sku, fen) => {
  expect(shippingEstimateFen(sku)).toBe(fen);
});
