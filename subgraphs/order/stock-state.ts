/**
 * Where an order's pieces are, as far as this side knows.
 * `held` until the product subgraph has made the reservation permanent, `release_pending` until it has taken
 * the pieces back; `confirmed` and `released` are at rest.
 */
export const stockStates = ['held', 'confirmed', 'release_pending', 'released'] as const;
