/** The orders of the example shop's first months, the same on every machine. */
import { loadCatalogue } from '../../product/seed/catalogue.ts';
import { createSortableId } from '../../shared/sortable-id.ts';
import { loadPeople } from '../../user/seed/people.ts';
import type { OrderStatus } from '../order-status.ts';
import type { OrderLineRow, OrderRow } from '../tables.ts';

export interface PastOrders {
  readonly orders: readonly OrderRow[];
  readonly lines: readonly OrderLineRow[];
}

const orderCount = 500;
const firstOrderMs = Date.UTC(2026, 2, 1, 2);
const betweenOrdersMs = 6 * 3_600_000;
/** The user that the demo logs in as USER: enough orders for more than one page. */
const frequentBuyer = 'u-0003';

/** One order every six hours, each of one to three SKUs; every eighth is the frequent buyer's. */
export function loadPastOrders(): PastOrders {
  const { products, skus } = loadCatalogue();
  const titles = new Map(products.map((product) => [product.id, product.title]));
  const userIds = loadPeople().users.map((user) => user.id);

  const past = Array.from({ length: orderCount }, (_, index) => {
    const createdAt = new Date(firstOrderMs + index * betweenOrdersMs);
    const id = createSortableId('o', createdAt.getTime(), toBytes(index));
    const lines = Array.from({ length: 1 + (index % 3) }, (_, position): OrderLineRow => {
      const { id: skuId, productId, priceFen, weightGrams } = pick(skus, index * 17 + position * 101);
      return {
        orderId: id,
        position,
        skuId,
        productId,
        title: titles.get(productId) ?? '',
        quantity: 1 + ((index + position) % 4),
        unitPriceFen: priceFen,
        weightGrams,
      };
    });
    const status = toStatus(index);
    const order: OrderRow = {
      id,
      userId: index % 8 === 0 ? frequentBuyer : pick(userIds, index * 7),
      status,
      totalFen: lines.reduce((sum, line) => sum + line.quantity * line.unitPriceFen, 0),
      stockState: status === 'CANCELLED' ? 'released' : 'confirmed',
      reservationId: null,
      createdAt,
    };
    return { order, lines };
  });
  return { orders: past.map(({ order }) => order), lines: past.flatMap(({ lines }) => lines) };
}

/** The newest are on their way, the others have arrived; every eleventh was cancelled. */
function toStatus(index: number): OrderStatus {
  if (index % 11 === 0) return 'CANCELLED';
  const age = orderCount - index;
  if (age <= 20) return 'CREATED';
  if (age <= 50) return 'PAID';
  return age <= 100 ? 'SHIPPED' : 'COMPLETED';
}

function pick<Item>(items: readonly Item[], number: number): Item {
  const item = items[number % items.length];
  if (item === undefined) throw new Error('There is nothing to pick from.');
  return item;
}

function toBytes(index: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(index, 4);
  return bytes;
}
