/**
 * Who may ask what in the shop, in graphql-shield's language.
 *
 * A field of Mutation without a rule is denied, and so is every field of a type that is not named here.
 */
import { roles } from './roles.ts';
import { allow, rule, type ShieldRule } from './shield.ts';

export { roles };

export type RuleTree = Readonly<Record<string, ShieldRule | Readonly<Record<string, ShieldRule>>>>;

/** Lets through everyone whose highest role is at the level of `role` or above. */
function atLeast(role: keyof typeof roles): ShieldRule {
  const { level } = roles[role];
  return rule(`at least ${role}`)((_parent, _args, { principal }) => principal.level >= level);
}

const isUser = atLeast('USER');
const isAdmin = atLeast('ADMIN');
const isSuper = atLeast('SUPER');

export const rules: RuleTree = {
  Query: {
    '*': allow,
    me: isUser,
    order: isUser,
    users: isAdmin,
  },
  Mutation: {
    updateProfile: isUser,
    addAddress: isUser,
    createOrder: isUser,
    cancelOrder: isUser,
    setProductPrice: isAdmin,
    advanceOrder: isAdmin,
    grantRole: isSuper,
    closeShop: isSuper,
    openShop: isSuper,
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
  UserConnection: isAdmin,
  UserEdge: isAdmin,
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
