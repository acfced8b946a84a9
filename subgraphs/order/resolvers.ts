/** Answers the fields of `schema.graphql`. */
import { dateTime } from '../shared/date-time.ts';
import { parseId } from '../shared/parse-id.ts';
import { mayActFor, requireScope, requireUser, subgraphError } from '../shared/subgraph-error.ts';
import { responseName } from '../shared/subgraph-server.ts';
import { advanceOrder, cancelOrder } from './change-order.ts';
import type { OrderContext } from './context.ts';
import type { Resolvers } from './generated/resolver-types.ts';
import { placeOrder } from './place-order.ts';
import { shippingEstimateFen } from './shipping-estimate.ts';
import { isShopOpen, setShopOpen } from './shop.ts';
import type { OrderRow } from './tables.ts';

export const resolvers: Resolvers = {
  DateTime: dateTime,
  Query: {
    order(_, { id }, context) {
      requireUser(context.caller);
      return loadVisibleOrder(context, id);
    },
    shop: async (_, _arguments, { services }) => ({ open: await isShopOpen(services.database) }),
  },
  Mutation: {
    createOrder(_, { input }, { caller, services, loaders, idempotencyKey }, info) {
      const { userId } = requireUser(caller);
      const key = `${parseIdempotencyKey(idempotencyKey)}#${responseName(info)}`;
      const lines = input.lines.map(({ skuId, quantity }) => ({ skuId: parseId(skuId), quantity }));
      const placing = placeOrder(services, { userId, key, lines });
      return placing.finally(loaders.forgetOrders);
    },
    cancelOrder(_, { id }, { caller, services, loaders }) {
      const { userId } = requireUser(caller);
      return cancelOrder(services, { userId, orderId: parseId(id) }).finally(loaders.forgetOrders);
    },
    advanceOrder(_, { id, to }, { caller, services, loaders }) {
      requireScope(caller, 'order:write');
      return advanceOrder(services, { orderId: parseId(id), to }).finally(loaders.forgetOrders);
    },
    closeShop(_, _arguments, { caller, services }) {
      requireScope(caller, 'shop:write');
      return setShopOpen(services.database, false);
    },
    openShop(_, _arguments, { caller, services }) {
      requireScope(caller, 'shop:write');
      return setShopOpen(services.database, true);
    },
  },
  Order: {
    __resolveReference: ({ id }, context) => loadVisibleOrder(context, id),
    buyer: ({ userId }) => ({ __typename: 'User', id: userId }),
    lines: ({ id }, _, { loaders }) => loaders.linesOfOrder.load(id),
  },
  OrderLine: {
    product: ({ productId }) => ({ __typename: 'Product', id: productId }),
    sku: ({ skuId, productId }) => ({
      __typename: 'Sku',
      id: skuId,
      product: { __typename: 'Product', id: productId },
    }),
    lineTotalFen: ({ quantity, unitPriceFen }) => quantity * unitPriceFen,
  },
  User: {
    __resolveReference: (reference) => reference,
    orders({ id }, page, { caller, loaders }) {
      if (!mayActFor(caller, id)) {
        throw subgraphError('FORBIDDEN', 'Only the user and administrators may see this.');
      }
      return loaders.ordersOfUser.load(id, page);
    },
  },
  Product: { __resolveReference: (reference) => reference },
  Sku: {
    __resolveReference: (reference) => reference,
    shippingEstimateFen({ priceFen, weightGrams }) {
      if (priceFen === undefined || weightGrams === undefined) {
        throw subgraphError('BAD_USER_INPUT', 'The estimate needs the price and weight of the SKU.');
      }
      return shippingEstimateFen({ priceFen, weightGrams });
    },
  },
};

/** Nothing for an order that does not exist, nor for somebody else's. */
async function loadVisibleOrder({ caller, loaders }: OrderContext, id: string): Promise<OrderRow | null> {
  const order = await loaders.order.load(parseId(id));
  return order && mayActFor(caller, order.userId) ? order : null;
}

function parseIdempotencyKey(header: string | undefined): string {
  if (!header || header.length > 200) {
    throw subgraphError(
      'BAD_USER_INPUT',
      'createOrder needs the header Idempotency-Key, of 1 to 200 characters.',
    );
  }
  return header;
}
