/** Refuses lines that no order can have, before anything is asked of the product subgraph. */
import type { OrderRefusal } from './create-order-answer.ts';
import type { StockLine } from './product-client.ts';

const maxLines = 20;
const maxQuantity = 99;

/** Nothing when the lines may be ordered, as far as can be told without the catalogue. */
export function refuseLines(lines: readonly StockLine[]): OrderRefusal | undefined {
  if (lines.length < 1 || lines.length > maxLines) {
    return { __typename: 'InvalidOrder', message: `An order has from 1 to ${maxLines} lines.` };
  }
  const seen = new Set<string>();
  for (const { skuId, quantity } of lines) {
    if (quantity < 1 || quantity > maxQuantity) {
      return {
        __typename: 'InvalidQuantity',
        message: `The quantity of a line is from 1 to ${maxQuantity}.`,
        skuId,
      };
    }
    if (seen.has(skuId)) {
      return { __typename: 'InvalidQuantity', message: 'An order names each SKU once.', skuId };
    }
    seen.add(skuId);
  }
  return undefined;
}
