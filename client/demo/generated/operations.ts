/** Types of the operations, and one function for each. Generated from the .graphql files by codegen. */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { CallOptions, Client } from '../../index.ts';
export type CreateOrderInput = {
  /** At most 20 lines, each SKU once. */
  readonly lines: ReadonlyArray<OrderLineInput>;
};

export type OrderLineInput = {
  /** From 1 to 99. */
  readonly quantity: number;
  readonly skuId: string | number;
};

export type OrderStatus =
  | 'CANCELLED'
  | 'COMPLETED'
  | 'CREATED'
  | 'PAID'
  | 'SHIPPED';

/** Each role may do all that those before it may: USER (level 1), ADMIN (3), SUPER (5). */
export type Role =
  | 'ADMIN'
  | 'SUPER'
  | 'USER';

export type CancelOrderMutationVariables = Exact<{
  id: string | number;
}>;


export type CancelOrderMutation = { readonly cancelOrder:
    | { readonly __typename: 'IllegalTransition', readonly message: string }
    | { readonly __typename: 'Order', readonly id: string, readonly status: OrderStatus }
    | { readonly __typename: 'UnknownOrder', readonly message: string }
   };

export type CreateOrderMutationVariables = Exact<{
  input: CreateOrderInput;
}>;


export type CreateOrderMutation = { readonly createOrder:
    | { readonly __typename: 'InvalidOrder', readonly message: string }
    | { readonly __typename: 'InvalidQuantity', readonly message: string }
    | { readonly __typename: 'Order', readonly id: string, readonly status: OrderStatus, readonly totalFen: number }
    | { readonly __typename: 'OutOfStock', readonly message: string, readonly available: number }
    | { readonly __typename: 'ShopClosed', readonly message: string }
    | { readonly __typename: 'UnknownSku', readonly message: string }
   };

export type HomePageQueryVariables = Exact<{
  first?: number;
  after?: string | null | undefined;
  categoryId?: string | number | null | undefined;
  isFirstPage?: boolean;
}>;


export type HomePageQuery = { readonly shop?: { readonly open: boolean }, readonly categories?: ReadonlyArray<{ readonly id: string, readonly name: string }>, readonly products: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly title: string, readonly priceFen: number, readonly images: ReadonlyArray<{ readonly url: string, readonly alt: string }> }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type MeQueryVariables = Exact<{ [key: string]: never; }>;


export type MeQuery = { readonly me: { readonly id: string, readonly nickname: string | null, readonly avatarUrl: string | null, readonly roles: ReadonlyArray<Role> } | null };

export type MyOrdersQueryVariables = Exact<{
  first?: number;
  after?: string | null | undefined;
}>;


export type MyOrdersQuery = { readonly me: { readonly id: string, readonly orders: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly status: OrderStatus, readonly totalFen: number, readonly createdAt: string, readonly lines: ReadonlyArray<{ readonly title: string, readonly quantity: number, readonly lineTotalFen: number }> }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type OrderDetailQueryVariables = Exact<{
  id: string | number;
}>;


export type OrderDetailQuery = { readonly order: { readonly id: string, readonly status: OrderStatus, readonly totalFen: number, readonly createdAt: string, readonly buyer: { readonly id: string, readonly nickname: string | null }, readonly lines: ReadonlyArray<{ readonly title: string, readonly quantity: number, readonly unitPriceFen: number, readonly lineTotalFen: number, readonly product: { readonly id: string }, readonly sku: { readonly id: string, readonly name: string } }> } | null };

export type ProductListFragment = { readonly nodes: ReadonlyArray<{ readonly id: string, readonly title: string, readonly priceFen: number, readonly images: ReadonlyArray<{ readonly url: string, readonly alt: string }> }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } };

export type ProductPageQueryVariables = Exact<{
  id: string | number;
}>;


export type ProductPageQuery = { readonly product: { readonly id: string, readonly title: string, readonly description: string, readonly category: { readonly name: string }, readonly images: ReadonlyArray<{ readonly url: string, readonly alt: string }>, readonly skus: ReadonlyArray<{ readonly id: string, readonly name: string, readonly priceFen: number, readonly stock: number, readonly shippingEstimateFen: number }> } | null };

export type SearchProductsQueryVariables = Exact<{
  text: string;
  first?: number;
  after?: string | null | undefined;
}>;


export type SearchProductsQuery = { readonly searchProducts: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly title: string, readonly priceFen: number, readonly images: ReadonlyArray<{ readonly url: string, readonly alt: string }> }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

/** One function per operation of this mini-program. */
export function createApi(client: Client) {
  return {
    cancelOrder: (variables: CancelOrderMutationVariables, options?: CallOptions) =>
      client.request<CancelOrderMutation>({ id: 'sha256:0aa4303b016ace041aa470f59c41025bae5abffa1b07908c4e175abd072627d2', name: 'CancelOrder', type: 'mutation' }, variables, options),
    createOrder: (variables: CreateOrderMutationVariables, options?: CallOptions) =>
      client.request<CreateOrderMutation>({ id: 'sha256:354ccc8ada76f198b3bbfc17bfd8787f49f1e3fe6f29100fd261f97d90e6a2e7', name: 'CreateOrder', type: 'mutation' }, variables, options),
    homePage: (variables?: HomePageQueryVariables, options?: CallOptions) =>
      client.request<HomePageQuery>({ id: 'sha256:db3734cd521828e749bb330af732bc513b0220707eb6029b8dff4f594e689a4c', name: 'HomePage', type: 'query' }, variables, options),
    me: (variables?: MeQueryVariables, options?: CallOptions) =>
      client.request<MeQuery>({ id: 'sha256:6d9770ecc1d7c6549bfee84a8ce19229a405bd0643d06a2cf04c6caf90cb06e0', name: 'Me', type: 'query' }, variables, options),
    myOrders: (variables?: MyOrdersQueryVariables, options?: CallOptions) =>
      client.request<MyOrdersQuery>({ id: 'sha256:e65dc4e05abb2d52b9ad0c3c9b31c291e7f75e3275ad446e5c0f1a5ba705b474', name: 'MyOrders', type: 'query' }, variables, options),
    orderDetail: (variables: OrderDetailQueryVariables, options?: CallOptions) =>
      client.request<OrderDetailQuery>({ id: 'sha256:830191b686ca1e39578df312ea65ef43a2573613fd1c420a420c43a2d6963f37', name: 'OrderDetail', type: 'query' }, variables, options),
    productPage: (variables: ProductPageQueryVariables, options?: CallOptions) =>
      client.request<ProductPageQuery>({ id: 'sha256:2e86f071f6368ef4cd984d402fbe1adc71ec8b7a263c4058ea37af1af37f0581', name: 'ProductPage', type: 'query' }, variables, options),
    searchProducts: (variables: SearchProductsQueryVariables, options?: CallOptions) =>
      client.request<SearchProductsQuery>({ id: 'sha256:f249a01847b31d54737d1e4ee97559d894739fea5a0dd7b8ed87092390bb0a07', name: 'SearchProducts', type: 'query' }, variables, options),
  };
}

export type Api = ReturnType<typeof createApi>;
