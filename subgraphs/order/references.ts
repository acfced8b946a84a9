/** Entities of other subgraphs, as far as orders know them. */
export interface UserReference {
  readonly __typename: 'User';
  readonly id: string;
}

export interface ProductReference {
  readonly __typename: 'Product';
  readonly id: string;
}

/** `product` comes with an order's line; price and weight when `shippingEstimateFen` is asked, by `@requires`. */
export interface SkuReference {
  readonly __typename: 'Sku';
  readonly id: string;
  readonly product?: ProductReference;
  readonly priceFen?: number;
  readonly weightGrams?: number;
}
