/**
 * Who may ask what in the shop: rules as code, in graphql-shield's language, and permissions as data. Where both name a
 * field, both must let the caller through.
 *
 * A field of Mutation that neither names is denied, and so is every field of a type that neither names.
 */
import type { Permissions, RuleTree } from './policy.ts';
import { atLeast } from './ready-rules.ts';
import { roles } from './roles.ts';
import { allow } from './shield.ts';

export { roles };

/** Which role brings which permission stands in `roles`. */
export const permissions: Permissions = {
  'user:read': ['Query.users', 'UserConnection', 'UserEdge'],
  'product:write': ['Mutation.setProductPrice'],
  'order:write': ['Mutation.advanceOrder'],
  'shop:write': ['Mutation.closeShop', 'Mutation.openShop'],
  'role:grant': ['Mutation.grantRole'],
};

const isUser = atLeast('USER');

export const rules: RuleTree = {
  Query: {
    '*': allow,
    me: isUser,
    order: isUser,
  },
  Mutation: {
    updateProfile: isUser,
    addAddress: isUser,
    createOrder: isUser,
    cancelOrder: isUser,
  },
  Shop: allow,
  Category: allow,
  Product: allow,
  Sku: allow,
  Image: allow,
  ProductConnection: allow,
  ProductEdge: allow,
  PageInfo: allow,
  User: isUser,
  Address: isUser,
  Order: isUser,
  OrderLine: isUser,
  OrderConnection: isUser,
  OrderEdge: isUser,
  UserError: allow,
  OutOfStock: allow,
  UnknownSku: allow,
  UnknownUser: allow,
  UnknownOrder: allow,
  InvalidPrice: allow,
  InvalidQuantity: allow,
  InvalidOrder: allow,
  IllegalTransition: allow,
  ShopClosed: allow,
};
