import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { OrderRow, OrderLineRow } from '../tables.ts';
import type { ProductReference, SkuReference, UserReference } from '../references.ts';
import type { OrderContext } from '../context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  DateTime: { input: string; output: Date; }
  _FieldSet: { input: unknown; output: unknown; }
};

export type AdvanceOrderResult = IllegalTransition | Order | UnknownOrder;

export type CancelOrderResult = IllegalTransition | Order | UnknownOrder;

export type CreateOrderInput = {
  /** At most 20 lines, each SKU once. */
  readonly lines: ReadonlyArray<OrderLineInput>;
};

export type CreateOrderResult = InvalidOrder | InvalidQuantity | Order | OutOfStock | ShopClosed | UnknownSku;

export type IllegalTransition = UserError & {
  readonly __typename?: 'IllegalTransition';
  readonly from: OrderStatus;
  readonly message: Scalars['String']['output'];
  readonly to: OrderStatus;
};

/** The order as a whole cannot be: too many lines, none, or too much money. */
export type InvalidOrder = UserError & {
  readonly __typename?: 'InvalidOrder';
  readonly message: Scalars['String']['output'];
};

/** One line asks for what no order can have. */
export type InvalidQuantity = UserError & {
  readonly __typename?: 'InvalidQuantity';
  readonly message: Scalars['String']['output'];
  readonly skuId: Scalars['ID']['output'];
};

export type Mutation = {
  readonly __typename?: 'Mutation';
  /** Moves an order along: CREATED → PAID → SHIPPED → COMPLETED. */
  readonly advanceOrder: AdvanceOrderResult;
  /** Cancels an order that has not been shipped and returns its stock. */
  readonly cancelOrder: CancelOrderResult;
  /** Stops taking orders. Orders already placed go on. */
  readonly closeShop: Shop;
  /**
   * Places an order. Needs the request header Idempotency-Key: for seven days the same key with the
   * same input returns the stored answer, whatever happened in between.
   */
  readonly createOrder: CreateOrderResult;
  readonly openShop: Shop;
};


export type MutationAdvanceOrderArgs = {
  id: Scalars['ID']['input'];
  to: OrderStatus;
};


export type MutationCancelOrderArgs = {
  id: Scalars['ID']['input'];
};


export type MutationCreateOrderArgs = {
  input: CreateOrderInput;
};

export type Order = {
  readonly __typename?: 'Order';
  readonly buyer: User;
  readonly createdAt: Scalars['DateTime']['output'];
  readonly id: Scalars['ID']['output'];
  readonly lines: ReadonlyArray<OrderLine>;
  readonly status: OrderStatus;
  /** What is to be paid for the goods, in fen (1 yuan = 100 fen). */
  readonly totalFen: Scalars['Int']['output'];
};

export type OrderConnection = {
  readonly __typename?: 'OrderConnection';
  readonly edges: ReadonlyArray<OrderEdge>;
  readonly nodes: ReadonlyArray<Order>;
  readonly pageInfo: PageInfo;
};

export type OrderEdge = {
  readonly __typename?: 'OrderEdge';
  readonly cursor: Scalars['String']['output'];
  readonly node: Order;
};

export type OrderLine = {
  readonly __typename?: 'OrderLine';
  readonly lineTotalFen: Scalars['Int']['output'];
  readonly product: Product;
  readonly quantity: Scalars['Int']['output'];
  readonly sku: Sku;
  /** Title, price and weight as they were when the order was placed. */
  readonly title: Scalars['String']['output'];
  readonly unitPriceFen: Scalars['Int']['output'];
};

export type OrderLineInput = {
  /** From 1 to 99. */
  readonly quantity: Scalars['Int']['input'];
  readonly skuId: Scalars['ID']['input'];
};

export type OrderStatus =
  | 'CANCELLED'
  | 'COMPLETED'
  | 'CREATED'
  | 'PAID'
  | 'SHIPPED';

export type OutOfStock = UserError & {
  readonly __typename?: 'OutOfStock';
  /** Pieces that could be ordered instead. */
  readonly available: Scalars['Int']['output'];
  readonly message: Scalars['String']['output'];
  readonly skuId: Scalars['ID']['output'];
};

export type PageInfo = {
  readonly __typename?: 'PageInfo';
  readonly endCursor?: Maybe<Scalars['String']['output']>;
  readonly hasNextPage: Scalars['Boolean']['output'];
};

export type Product = {
  readonly __typename?: 'Product';
  readonly id: Scalars['ID']['output'];
};

export type Query = {
  readonly __typename?: 'Query';
  /** One order of the person asking; ADMIN sees every order. */
  readonly order?: Maybe<Order>;
  readonly shop: Shop;
};


export type QueryOrderArgs = {
  id: Scalars['ID']['input'];
};

export type Shop = {
  readonly __typename?: 'Shop';
  readonly open: Scalars['Boolean']['output'];
};

export type ShopClosed = UserError & {
  readonly __typename?: 'ShopClosed';
  readonly message: Scalars['String']['output'];
};

export type Sku = {
  readonly __typename?: 'Sku';
  readonly id: Scalars['ID']['output'];
  readonly priceFen: Scalars['Int']['output'];
  readonly product: Product;
  /** What sending one piece would cost, in fen: free from 99 yuan, else by weight. */
  readonly shippingEstimateFen: Scalars['Int']['output'];
  readonly weightGrams: Scalars['Int']['output'];
};

export type UnknownOrder = UserError & {
  readonly __typename?: 'UnknownOrder';
  readonly message: Scalars['String']['output'];
  readonly orderId: Scalars['ID']['output'];
};

export type UnknownSku = UserError & {
  readonly __typename?: 'UnknownSku';
  readonly message: Scalars['String']['output'];
  readonly skuId: Scalars['ID']['output'];
};

export type User = {
  readonly __typename?: 'User';
  readonly id: Scalars['ID']['output'];
  /** Orders of the user, newest first; at most 50 per page. Seen by the user alone and by ADMIN. */
  readonly orders: OrderConnection;
};


export type UserOrdersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
};

/** Something the person asking can mend, returned as a value rather than an error. */
export type UserError = {
  readonly message: Scalars['String']['output'];
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  Order: Order;
  Product: Product;
  Sku: Sku;
  User: User;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Order:
    ( { __typename: 'Order' }
    & GraphQLRecursivePick<FederationTypes['Order'], {"id":true}> );
  Product:
    ( { __typename: 'Product' }
    & GraphQLRecursivePick<FederationTypes['Product'], {"id":true}> );
  Sku:
    ( { __typename: 'Sku' }
    & GraphQLRecursivePick<FederationTypes['Sku'], {"id":true}>
    & ( Record<PropertyKey, never>
        | GraphQLRecursivePick<FederationTypes['Sku'], {"priceFen":true,"weightGrams":true}> ) );
  User:
    ( { __typename: 'User' }
    & GraphQLRecursivePick<FederationTypes['User'], {"id":true}> );
};

/** Mapping of union types */
export type ResolversUnionTypes<_RefType extends Record<string, unknown>> = {
  AdvanceOrderResult:
    | ( IllegalTransition & { __typename: 'IllegalTransition' } )
    | ( OrderRow & { __typename: 'Order' } )
    | ( UnknownOrder & { __typename: 'UnknownOrder' } )
  ;
  CancelOrderResult:
    | ( IllegalTransition & { __typename: 'IllegalTransition' } )
    | ( OrderRow & { __typename: 'Order' } )
    | ( UnknownOrder & { __typename: 'UnknownOrder' } )
  ;
  CreateOrderResult:
    | ( InvalidOrder & { __typename: 'InvalidOrder' } )
    | ( InvalidQuantity & { __typename: 'InvalidQuantity' } )
    | ( OrderRow & { __typename: 'Order' } )
    | ( OutOfStock & { __typename: 'OutOfStock' } )
    | ( ShopClosed & { __typename: 'ShopClosed' } )
    | ( UnknownSku & { __typename: 'UnknownSku' } )
  ;
};

/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  UserError:
    | ( IllegalTransition )
    | ( InvalidOrder )
    | ( InvalidQuantity )
    | ( OutOfStock )
    | ( ShopClosed )
    | ( UnknownOrder )
    | ( UnknownSku )
  ;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  AdvanceOrderResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['AdvanceOrderResult']>;
  CancelOrderResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['CancelOrderResult']>;
  CreateOrderInput: CreateOrderInput;
  CreateOrderResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['CreateOrderResult']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  IllegalTransition: ResolverTypeWrapper<IllegalTransition>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  InvalidOrder: ResolverTypeWrapper<InvalidOrder>;
  InvalidQuantity: ResolverTypeWrapper<InvalidQuantity>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Order: ResolverTypeWrapper<OrderRow>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  OrderConnection: ResolverTypeWrapper<Omit<OrderConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['OrderEdge']>, nodes: ReadonlyArray<ResolversTypes['Order']> }>;
  OrderEdge: ResolverTypeWrapper<Omit<OrderEdge, 'node'> & { node: ResolversTypes['Order'] }>;
  OrderLine: ResolverTypeWrapper<OrderLineRow>;
  OrderLineInput: OrderLineInput;
  OrderStatus: OrderStatus;
  OutOfStock: ResolverTypeWrapper<OutOfStock>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  Product: ResolverTypeWrapper<ProductReference>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Shop: ResolverTypeWrapper<Shop>;
  ShopClosed: ResolverTypeWrapper<ShopClosed>;
  Sku: ResolverTypeWrapper<SkuReference>;
  UnknownOrder: ResolverTypeWrapper<UnknownOrder>;
  UnknownSku: ResolverTypeWrapper<UnknownSku>;
  User: ResolverTypeWrapper<UserReference>;
  UserError: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['UserError']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  AdvanceOrderResult: ResolversUnionTypes<ResolversParentTypes>['AdvanceOrderResult'];
  CancelOrderResult: ResolversUnionTypes<ResolversParentTypes>['CancelOrderResult'];
  CreateOrderInput: CreateOrderInput;
  CreateOrderResult: ResolversUnionTypes<ResolversParentTypes>['CreateOrderResult'];
  DateTime: Scalars['DateTime']['output'];
  IllegalTransition: IllegalTransition;
  String: Scalars['String']['output'];
  InvalidOrder: InvalidOrder;
  InvalidQuantity: InvalidQuantity;
  ID: Scalars['ID']['output'];
  Mutation: Record<PropertyKey, never>;
  Order: OrderRow;
  Int: Scalars['Int']['output'];
  OrderConnection: Omit<OrderConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['OrderEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Order']> };
  OrderEdge: Omit<OrderEdge, 'node'> & { node: ResolversParentTypes['Order'] };
  OrderLine: OrderLineRow;
  OrderLineInput: OrderLineInput;
  OutOfStock: OutOfStock;
  PageInfo: PageInfo;
  Boolean: Scalars['Boolean']['output'];
  Product: ProductReference;
  Query: Record<PropertyKey, never>;
  Shop: Shop;
  ShopClosed: ShopClosed;
  Sku: SkuReference;
  UnknownOrder: UnknownOrder;
  UnknownSku: UnknownSku;
  User: UserReference;
  UserError: ResolversInterfaceTypes<ResolversParentTypes>['UserError'];
};

export type AdvanceOrderResultResolvers<ContextType = OrderContext, ParentType extends ResolversParentTypes['AdvanceOrderResult'] = ResolversParentTypes['AdvanceOrderResult']> = {
  __resolveType: TypeResolveFn<'IllegalTransition' | 'Order' | 'UnknownOrder', ParentType, ContextType>;
};

export type CancelOrderResultResolvers<ContextType = OrderContext, ParentType extends ResolversParentTypes['CancelOrderResult'] = ResolversParentTypes['CancelOrderResult']> = {
  __resolveType: TypeResolveFn<'IllegalTransition' | 'Order' | 'UnknownOrder', ParentType, ContextType>;
};

export type CreateOrderResultResolvers<ContextType = OrderContext, ParentType extends ResolversParentTypes['CreateOrderResult'] = ResolversParentTypes['CreateOrderResult']> = {
  __resolveType: TypeResolveFn<'InvalidOrder' | 'InvalidQuantity' | 'Order' | 'OutOfStock' | 'ShopClosed' | 'UnknownSku', ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type IllegalTransitionResolvers<ContextType = OrderContext, ParentType extends ResolversParentTypes['IllegalTransition'] = ResolversParentTypes['IllegalTransition']> = {
  from?: Resolver<ResolversTypes['OrderStatus'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  to?: Resolver<ResolversTypes['OrderStatus'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type InvalidOrderResolvers<ContextType = OrderContext, ParentType extends ResolversParentTypes['InvalidOrder'] = ResolversParentTypes['InvalidOrder']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type InvalidQuantityResolvers<ContextType = OrderContext, ParentType extends ResolversParentTypes['InvalidQuantity'] = ResolversParentTypes['InvalidQuantity']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  skuId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type MutationResolvers<ContextType = OrderContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  advanceOrder?: Resolver<ResolversTypes['AdvanceOrderResult'], ParentType, ContextType, RequireFields<MutationAdvanceOrderArgs, 'id' | 'to'>>;
  cancelOrder?: Resolver<ResolversTypes['CancelOrderResult'], ParentType, ContextType, RequireFields<MutationCancelOrderArgs, 'id'>>;
  closeShop?: Resolver<ResolversTypes['Shop'], ParentType, ContextType>;
  createOrder?: Resolver<ResolversTypes['CreateOrderResult'], ParentType, ContextType, RequireFields<MutationCreateOrderArgs, 'input'>>;
  openShop?: Resolver<ResolversTypes['Shop'], ParentType, ContextType>;
};

export type OrderResolvers<ContextType = OrderContext, ParentType extends ResolversParentTypes['Order'] = ResolversParentTypes['Order'], FederationReferenceType extends FederationReferenceTypes['Order'] = FederationReferenceTypes['Order']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Order']> | FederationReferenceType, FederationReferenceType, ContextType>;
  buyer?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  lines?: Resolver<ReadonlyArray<ResolversTypes['OrderLine']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['OrderStatus'], ParentType, ContextType>;
  totalFen?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OrderConnectionResolvers<ContextType = OrderContext, ParentType extends ResolversParentTypes['OrderConnection'] = ResolversParentTypes['OrderConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['OrderEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Order']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type OrderEdgeResolvers<ContextType = OrderContext, ParentType extends ResolversParentTypes['OrderEdge'] = ResolversParentTypes['OrderEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Order'], ParentType, ContextType>;
};

export type OrderLineResolvers<ContextType = OrderContext, ParentType extends ResolversParentTypes['OrderLine'] = ResolversParentTypes['OrderLine']> = {
  lineTotalFen?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  product?: Resolver<ResolversTypes['Product'], ParentType, ContextType>;
  quantity?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  sku?: Resolver<ResolversTypes['Sku'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  unitPriceFen?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type OutOfStockResolvers<ContextType = OrderContext, ParentType extends ResolversParentTypes['OutOfStock'] = ResolversParentTypes['OutOfStock']> = {
  available?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  skuId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = OrderContext, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type ProductResolvers<ContextType = OrderContext, ParentType extends ResolversParentTypes['Product'] = ResolversParentTypes['Product'], FederationReferenceType extends FederationReferenceTypes['Product'] = FederationReferenceTypes['Product']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Product']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type QueryResolvers<ContextType = OrderContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  order?: Resolver<Maybe<ResolversTypes['Order']>, ParentType, ContextType, RequireFields<QueryOrderArgs, 'id'>>;
  shop?: Resolver<ResolversTypes['Shop'], ParentType, ContextType>;
};

export type ShopResolvers<ContextType = OrderContext, ParentType extends ResolversParentTypes['Shop'] = ResolversParentTypes['Shop']> = {
  open?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type ShopClosedResolvers<ContextType = OrderContext, ParentType extends ResolversParentTypes['ShopClosed'] = ResolversParentTypes['ShopClosed']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SkuResolvers<ContextType = OrderContext, ParentType extends ResolversParentTypes['Sku'] = ResolversParentTypes['Sku'], FederationReferenceType extends FederationReferenceTypes['Sku'] = FederationReferenceTypes['Sku']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Sku']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  product?: Resolver<ResolversTypes['Product'], ParentType, ContextType>;
  shippingEstimateFen?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type UnknownOrderResolvers<ContextType = OrderContext, ParentType extends ResolversParentTypes['UnknownOrder'] = ResolversParentTypes['UnknownOrder']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  orderId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UnknownSkuResolvers<ContextType = OrderContext, ParentType extends ResolversParentTypes['UnknownSku'] = ResolversParentTypes['UnknownSku']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  skuId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UserResolvers<ContextType = OrderContext, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User'], FederationReferenceType extends FederationReferenceTypes['User'] = FederationReferenceTypes['User']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['User']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  orders?: Resolver<ResolversTypes['OrderConnection'], ParentType, ContextType, RequireFields<UserOrdersArgs, 'first'>>;
};

export type UserErrorResolvers<ContextType = OrderContext, ParentType extends ResolversParentTypes['UserError'] = ResolversParentTypes['UserError']> = {
  __resolveType: TypeResolveFn<'IllegalTransition' | 'InvalidOrder' | 'InvalidQuantity' | 'OutOfStock' | 'ShopClosed' | 'UnknownOrder' | 'UnknownSku', ParentType, ContextType>;
};

export type Resolvers<ContextType = OrderContext> = {
  AdvanceOrderResult?: AdvanceOrderResultResolvers<ContextType>;
  CancelOrderResult?: CancelOrderResultResolvers<ContextType>;
  CreateOrderResult?: CreateOrderResultResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  IllegalTransition?: IllegalTransitionResolvers<ContextType>;
  InvalidOrder?: InvalidOrderResolvers<ContextType>;
  InvalidQuantity?: InvalidQuantityResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Order?: OrderResolvers<ContextType>;
  OrderConnection?: OrderConnectionResolvers<ContextType>;
  OrderEdge?: OrderEdgeResolvers<ContextType>;
  OrderLine?: OrderLineResolvers<ContextType>;
  OutOfStock?: OutOfStockResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Product?: ProductResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  Shop?: ShopResolvers<ContextType>;
  ShopClosed?: ShopClosedResolvers<ContextType>;
  Sku?: SkuResolvers<ContextType>;
  UnknownOrder?: UnknownOrderResolvers<ContextType>;
  UnknownSku?: UnknownSkuResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
  UserError?: UserErrorResolvers<ContextType>;
};

