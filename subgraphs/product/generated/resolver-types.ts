import type { GraphQLResolveInfo } from 'graphql';
import type { CategoryRow, ProductRow, SkuRow } from '../tables.ts';
import type { ProductContext } from '../context.ts';
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
  _FieldSet: { input: unknown; output: unknown; }
};

export type Category = {
  readonly __typename?: 'Category';
  readonly id: Scalars['ID']['output'];
  readonly name: Scalars['String']['output'];
  /** Products of the category, newest first; at most 50 per page. */
  readonly products: ProductConnection;
};


export type CategoryProductsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
};

export type Image = {
  readonly __typename?: 'Image';
  readonly alt: Scalars['String']['output'];
  readonly url: Scalars['String']['output'];
};

export type InvalidPrice = UserError & {
  readonly __typename?: 'InvalidPrice';
  readonly message: Scalars['String']['output'];
};

export type Mutation = {
  readonly __typename?: 'Mutation';
  /** Internal: makes a held reservation permanent. */
  readonly confirmReservation: ReservationState;
  /** Internal: returns the stock of a held or confirmed reservation. */
  readonly releaseReservation: ReservationState;
  /** Internal: holds stock for an order until the reservation is confirmed, released or expires. */
  readonly reserveStock: ReserveStockResult;
  /** Sets the price of one SKU; later orders pay it, earlier orders keep their snapshot. */
  readonly setProductPrice: SetProductPriceResult;
};


export type MutationConfirmReservationArgs = {
  reservationId: Scalars['ID']['input'];
};


export type MutationReleaseReservationArgs = {
  reservationId: Scalars['ID']['input'];
};


export type MutationReserveStockArgs = {
  lines: ReadonlyArray<StockLineInput>;
  reservationId: Scalars['ID']['input'];
  ttlSeconds: Scalars['Int']['input'];
};


export type MutationSetProductPriceArgs = {
  priceFen: Scalars['Int']['input'];
  skuId: Scalars['ID']['input'];
};

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
  readonly category: Category;
  readonly description: Scalars['String']['output'];
  readonly id: Scalars['ID']['output'];
  readonly images: ReadonlyArray<Image>;
  /** The lowest price among the SKUs, in fen (1 yuan = 100 fen). */
  readonly priceFen: Scalars['Int']['output'];
  readonly skus: ReadonlyArray<Sku>;
  readonly title: Scalars['String']['output'];
};

export type ProductConnection = {
  readonly __typename?: 'ProductConnection';
  readonly edges: ReadonlyArray<ProductEdge>;
  readonly nodes: ReadonlyArray<Product>;
  readonly pageInfo: PageInfo;
};

export type ProductEdge = {
  readonly __typename?: 'ProductEdge';
  readonly cursor: Scalars['String']['output'];
  readonly node: Product;
};

export type Query = {
  readonly __typename?: 'Query';
  readonly categories: ReadonlyArray<Category>;
  readonly product?: Maybe<Product>;
  /** Products on sale, newest first; at most 50 per page. */
  readonly products: ProductConnection;
  /** Products whose title or description contains every word of the text. */
  readonly searchProducts: ProductConnection;
};


export type QueryProductArgs = {
  id: Scalars['ID']['input'];
};


export type QueryProductsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  categoryId?: InputMaybe<Scalars['ID']['input']>;
  first?: Scalars['Int']['input'];
};


export type QuerySearchProductsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  text: Scalars['String']['input'];
};

export type ReservationState =
  | 'CONFIRMED'
  | 'EXPIRED'
  | 'HELD'
  | 'RELEASED'
  | 'UNKNOWN';

export type ReserveStockResult = OutOfStock | StockReservation | UnknownSku;

/** The SKU as it was when its stock was taken: the order's price snapshot. */
export type ReservedLine = {
  readonly __typename?: 'ReservedLine';
  readonly priceFen: Scalars['Int']['output'];
  readonly productId: Scalars['ID']['output'];
  readonly quantity: Scalars['Int']['output'];
  readonly skuId: Scalars['ID']['output'];
  readonly title: Scalars['String']['output'];
  readonly weightGrams: Scalars['Int']['output'];
};

export type SetProductPriceResult = InvalidPrice | Sku | UnknownSku;

/** What is actually bought: one product in one variant, such as a colour and size. */
export type Sku = {
  readonly __typename?: 'Sku';
  readonly id: Scalars['ID']['output'];
  readonly name: Scalars['String']['output'];
  /** In fen (1 yuan = 100 fen). */
  readonly priceFen: Scalars['Int']['output'];
  readonly product: Product;
  /** Pieces that can be ordered now. */
  readonly stock: Scalars['Int']['output'];
  readonly weightGrams: Scalars['Int']['output'];
};

export type StockLineInput = {
  readonly quantity: Scalars['Int']['input'];
  readonly skuId: Scalars['ID']['input'];
};

export type StockReservation = {
  readonly __typename?: 'StockReservation';
  readonly id: Scalars['ID']['output'];
  readonly lines: ReadonlyArray<ReservedLine>;
  readonly state: ReservationState;
};

export type UnknownSku = UserError & {
  readonly __typename?: 'UnknownSku';
  readonly message: Scalars['String']['output'];
  readonly skuId: Scalars['ID']['output'];
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
  Category: Category;
  Product: Product;
  Sku: Sku;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Category:
    ( { __typename: 'Category' }
    & GraphQLRecursivePick<FederationTypes['Category'], {"id":true}> );
  Product:
    ( { __typename: 'Product' }
    & GraphQLRecursivePick<FederationTypes['Product'], {"id":true}> );
  Sku:
    ( { __typename: 'Sku' }
    & GraphQLRecursivePick<FederationTypes['Sku'], {"id":true}> );
};

/** Mapping of union types */
export type ResolversUnionTypes<_RefType extends Record<string, unknown>> = {
  ReserveStockResult:
    | ( OutOfStock & { __typename: 'OutOfStock' } )
    | ( StockReservation & { __typename: 'StockReservation' } )
    | ( UnknownSku & { __typename: 'UnknownSku' } )
  ;
  SetProductPriceResult:
    | ( InvalidPrice & { __typename: 'InvalidPrice' } )
    | ( SkuRow & { __typename: 'Sku' } )
    | ( UnknownSku & { __typename: 'UnknownSku' } )
  ;
};

/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  UserError:
    | ( InvalidPrice )
    | ( OutOfStock )
    | ( UnknownSku )
  ;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Category: ResolverTypeWrapper<CategoryRow>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  Image: ResolverTypeWrapper<Image>;
  InvalidPrice: ResolverTypeWrapper<InvalidPrice>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  OutOfStock: ResolverTypeWrapper<OutOfStock>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  Product: ResolverTypeWrapper<ProductRow>;
  ProductConnection: ResolverTypeWrapper<Omit<ProductConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['ProductEdge']>, nodes: ReadonlyArray<ResolversTypes['Product']> }>;
  ProductEdge: ResolverTypeWrapper<Omit<ProductEdge, 'node'> & { node: ResolversTypes['Product'] }>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  ReservationState: ReservationState;
  ReserveStockResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['ReserveStockResult']>;
  ReservedLine: ResolverTypeWrapper<ReservedLine>;
  SetProductPriceResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['SetProductPriceResult']>;
  Sku: ResolverTypeWrapper<SkuRow>;
  StockLineInput: StockLineInput;
  StockReservation: ResolverTypeWrapper<StockReservation>;
  UnknownSku: ResolverTypeWrapper<UnknownSku>;
  UserError: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['UserError']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Category: CategoryRow;
  ID: Scalars['ID']['output'];
  String: Scalars['String']['output'];
  Int: Scalars['Int']['output'];
  Image: Image;
  InvalidPrice: InvalidPrice;
  Mutation: Record<PropertyKey, never>;
  OutOfStock: OutOfStock;
  PageInfo: PageInfo;
  Boolean: Scalars['Boolean']['output'];
  Product: ProductRow;
  ProductConnection: Omit<ProductConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['ProductEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Product']> };
  ProductEdge: Omit<ProductEdge, 'node'> & { node: ResolversParentTypes['Product'] };
  Query: Record<PropertyKey, never>;
  ReserveStockResult: ResolversUnionTypes<ResolversParentTypes>['ReserveStockResult'];
  ReservedLine: ReservedLine;
  SetProductPriceResult: ResolversUnionTypes<ResolversParentTypes>['SetProductPriceResult'];
  Sku: SkuRow;
  StockLineInput: StockLineInput;
  StockReservation: StockReservation;
  UnknownSku: UnknownSku;
  UserError: ResolversInterfaceTypes<ResolversParentTypes>['UserError'];
};

export type CategoryResolvers<ContextType = ProductContext, ParentType extends ResolversParentTypes['Category'] = ResolversParentTypes['Category'], FederationReferenceType extends FederationReferenceTypes['Category'] = FederationReferenceTypes['Category']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Category']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  products?: Resolver<ResolversTypes['ProductConnection'], ParentType, ContextType, RequireFields<CategoryProductsArgs, 'first'>>;
};

export type ImageResolvers<ContextType = ProductContext, ParentType extends ResolversParentTypes['Image'] = ResolversParentTypes['Image']> = {
  alt?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  url?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type InvalidPriceResolvers<ContextType = ProductContext, ParentType extends ResolversParentTypes['InvalidPrice'] = ResolversParentTypes['InvalidPrice']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type MutationResolvers<ContextType = ProductContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  confirmReservation?: Resolver<ResolversTypes['ReservationState'], ParentType, ContextType, RequireFields<MutationConfirmReservationArgs, 'reservationId'>>;
  releaseReservation?: Resolver<ResolversTypes['ReservationState'], ParentType, ContextType, RequireFields<MutationReleaseReservationArgs, 'reservationId'>>;
  reserveStock?: Resolver<ResolversTypes['ReserveStockResult'], ParentType, ContextType, RequireFields<MutationReserveStockArgs, 'lines' | 'reservationId' | 'ttlSeconds'>>;
  setProductPrice?: Resolver<ResolversTypes['SetProductPriceResult'], ParentType, ContextType, RequireFields<MutationSetProductPriceArgs, 'priceFen' | 'skuId'>>;
};

export type OutOfStockResolvers<ContextType = ProductContext, ParentType extends ResolversParentTypes['OutOfStock'] = ResolversParentTypes['OutOfStock']> = {
  available?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  skuId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = ProductContext, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type ProductResolvers<ContextType = ProductContext, ParentType extends ResolversParentTypes['Product'] = ResolversParentTypes['Product'], FederationReferenceType extends FederationReferenceTypes['Product'] = FederationReferenceTypes['Product']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Product']> | FederationReferenceType, FederationReferenceType, ContextType>;
  category?: Resolver<ResolversTypes['Category'], ParentType, ContextType>;
  description?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  images?: Resolver<ReadonlyArray<ResolversTypes['Image']>, ParentType, ContextType>;
  priceFen?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  skus?: Resolver<ReadonlyArray<ResolversTypes['Sku']>, ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ProductConnectionResolvers<ContextType = ProductContext, ParentType extends ResolversParentTypes['ProductConnection'] = ResolversParentTypes['ProductConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['ProductEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Product']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type ProductEdgeResolvers<ContextType = ProductContext, ParentType extends ResolversParentTypes['ProductEdge'] = ResolversParentTypes['ProductEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Product'], ParentType, ContextType>;
};

export type QueryResolvers<ContextType = ProductContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  categories?: Resolver<ReadonlyArray<ResolversTypes['Category']>, ParentType, ContextType>;
  product?: Resolver<Maybe<ResolversTypes['Product']>, ParentType, ContextType, RequireFields<QueryProductArgs, 'id'>>;
  products?: Resolver<ResolversTypes['ProductConnection'], ParentType, ContextType, RequireFields<QueryProductsArgs, 'first'>>;
  searchProducts?: Resolver<ResolversTypes['ProductConnection'], ParentType, ContextType, RequireFields<QuerySearchProductsArgs, 'first' | 'text'>>;
};

export type ReserveStockResultResolvers<ContextType = ProductContext, ParentType extends ResolversParentTypes['ReserveStockResult'] = ResolversParentTypes['ReserveStockResult']> = {
  __resolveType: TypeResolveFn<'OutOfStock' | 'StockReservation' | 'UnknownSku', ParentType, ContextType>;
};

export type ReservedLineResolvers<ContextType = ProductContext, ParentType extends ResolversParentTypes['ReservedLine'] = ResolversParentTypes['ReservedLine']> = {
  priceFen?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  productId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  quantity?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  skuId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  weightGrams?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type SetProductPriceResultResolvers<ContextType = ProductContext, ParentType extends ResolversParentTypes['SetProductPriceResult'] = ResolversParentTypes['SetProductPriceResult']> = {
  __resolveType: TypeResolveFn<'InvalidPrice' | 'Sku' | 'UnknownSku', ParentType, ContextType>;
};

export type SkuResolvers<ContextType = ProductContext, ParentType extends ResolversParentTypes['Sku'] = ResolversParentTypes['Sku'], FederationReferenceType extends FederationReferenceTypes['Sku'] = FederationReferenceTypes['Sku']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Sku']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  priceFen?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  product?: Resolver<ResolversTypes['Product'], ParentType, ContextType>;
  stock?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  weightGrams?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type StockReservationResolvers<ContextType = ProductContext, ParentType extends ResolversParentTypes['StockReservation'] = ResolversParentTypes['StockReservation']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  lines?: Resolver<ReadonlyArray<ResolversTypes['ReservedLine']>, ParentType, ContextType>;
  state?: Resolver<ResolversTypes['ReservationState'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UnknownSkuResolvers<ContextType = ProductContext, ParentType extends ResolversParentTypes['UnknownSku'] = ResolversParentTypes['UnknownSku']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  skuId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UserErrorResolvers<ContextType = ProductContext, ParentType extends ResolversParentTypes['UserError'] = ResolversParentTypes['UserError']> = {
  __resolveType: TypeResolveFn<'InvalidPrice' | 'OutOfStock' | 'UnknownSku', ParentType, ContextType>;
};

export type Resolvers<ContextType = ProductContext> = {
  Category?: CategoryResolvers<ContextType>;
  Image?: ImageResolvers<ContextType>;
  InvalidPrice?: InvalidPriceResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  OutOfStock?: OutOfStockResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Product?: ProductResolvers<ContextType>;
  ProductConnection?: ProductConnectionResolvers<ContextType>;
  ProductEdge?: ProductEdgeResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  ReserveStockResult?: ReserveStockResultResolvers<ContextType>;
  ReservedLine?: ReservedLineResolvers<ContextType>;
  SetProductPriceResult?: SetProductPriceResultResolvers<ContextType>;
  Sku?: SkuResolvers<ContextType>;
  StockReservation?: StockReservationResolvers<ContextType>;
  UnknownSku?: UnknownSkuResolvers<ContextType>;
  UserError?: UserErrorResolvers<ContextType>;
};

