/** The three operations, each as the fewest fetches that answer it and the code that joins their answers. */
import { createHttpClient } from '../http-client.ts';
import { subgraphsOrigin } from '../workload.ts';

interface Product {
  upc: string;
  name?: string | null;
  price?: number | null;
  weight?: number | null;
  inStock?: boolean | null;
  shippingEstimate?: number | null;
  reviews?: Review[];
}

interface User {
  id: string;
  name?: string | null;
  username?: string | null;
  reviews?: Review[];
}

interface Review {
  id: string;
  body: string | null;
  product?: Product;
  author?: User;
}

const subgraphs = createHttpClient(subgraphsOrigin, 256);

const fetchUsers = toFetch<{ users: User[] }>('/accounts', '{users{id username name}}');
const fetchMe = toFetch<{ me: User }>('/accounts', '{me{id name}}');
const fetchTopProducts = toFetch<{ topProducts: Product[] }>(
  '/products',
  '{topProducts{upc name price weight}}',
);
const fetchLight = toFetch<object>('/products', '{topProducts{upc name price}}');

const author = 'author{id username reviews{id body product{upc}}}';
const fetchReviewsOfUsers = toEntityFetch<User>(
  '/reviews',
  `...on User{reviews{id body product{upc reviews{id body ${author}}}}}`,
);
const fetchReviewsOfProducts = toEntityFetch<Product>(
  '/reviews',
  `...on Product{reviews{id body ${author}}}`,
);
const fetchOwnReviews = toEntityFetch<User>('/reviews', '...on User{reviews{id body product{upc}}}');
const fetchNames = toEntityFetch<User>('/accounts', '...on User{name}');
const fetchProducts = toEntityFetch<Product>('/products', '...on Product{name price weight}');
const fetchProductNames = toEntityFetch<Product>('/products', '...on Product{name}');
const fetchEstimates = toEntityFetch<Product>('/inventory', '...on Product{inStock shippingEstimate}');
const fetchStock = toEntityFetch<Product>('/inventory', '...on Product{inStock}');

/** Seven fetches in four stages. */
export async function answerHeavy(): Promise<object> {
  const [users, topProducts] = await Promise.all([reviewedUsers(), reviewedTopProducts()]);
  const products: Product[] = [...topProducts];
  const authors: User[] = [];
  collect([...users, ...topProducts], products, authors);

  const details = new Map(topProducts.map(({ upc, name, price, weight }) => [upc, { name, price, weight }]));
  const unknown = [...new Set(products.map(({ upc }) => upc))].filter((upc) => !details.has(upc));
  const authorIds = [...new Set(authors.map(({ id }) => id))];
  const [found, named] = await Promise.all([
    fetchProducts(unknown.map((upc) => ({ __typename: 'Product', upc }))),
    fetchNames(authorIds.map((id) => ({ __typename: 'User', id }))),
  ]);
  for (const [index, upc] of unknown.entries()) details.set(upc, found[index] as Required<Product>);
  const names = new Map(authorIds.map((id, index) => [id, named[index]?.name]));

  const known = [...details].map(([upc, { price, weight }]) => ({
    __typename: 'Product',
    upc,
    price,
    weight,
  }));
  const estimates = new Map(
    (await fetchEstimates(known)).map((estimate, index) => [known[index]?.upc, estimate]),
  );
  for (const user of authors) user.name = names.get(user.id);
  for (const product of products) {
    const { name, price, weight } = details.get(product.upc) ?? {};
    const { inStock, shippingEstimate } = estimates.get(product.upc) ?? {};
    product.name = name;
    product.price = price;
    product.weight = weight;
    product.inStock = inStock;
    product.shippingEstimate = shippingEstimate;
  }
  return { users, topProducts };
}

async function reviewedUsers(): Promise<User[]> {
  const { users } = await fetchUsers();
  const reviewed = await fetchReviewsOfUsers(users.map(({ id }) => ({ __typename: 'User', id })));
  for (const [index, user] of users.entries()) user.reviews = reviewed[index]?.reviews;
  return users;
}

async function reviewedTopProducts(): Promise<Product[]> {
  const { topProducts } = await fetchTopProducts();
  const keys = topProducts.map(({ upc }) => ({ __typename: 'Product', upc }));
  const reviewed = await fetchReviewsOfProducts(keys);
  for (const [index, product] of topProducts.entries()) product.reviews = reviewed[index]?.reviews;
  return topProducts;
}

function collect(reviewed: readonly { reviews?: Review[] }[], products: Product[], authors: User[]): void {
  for (const { reviews = [] } of reviewed) {
    for (const { product, author: user } of reviews) {
      if (product) {
        products.push(product);
        if (product.reviews) collect([product], products, authors);
      }
      if (user) {
        authors.push(user);
        collect([user], products, authors);
      }
    }
  }
}

/** Four fetches in three stages. */
export async function answerMedium(): Promise<object> {
  const { me } = await fetchMe();
  const [own] = await fetchOwnReviews([{ __typename: 'User', id: me.id }]);
  const reviews = own?.reviews ?? [];
  const upcs = [...new Set(reviews.map(({ product }) => product?.upc))];
  const keys = upcs.map((upc) => ({ __typename: 'Product', upc }));
  const [named, stocked] = await Promise.all([fetchProductNames(keys), fetchStock(keys)]);
  const products = new Map(
    upcs.map((upc, index) => [upc, { upc, name: named[index]?.name, inStock: stocked[index]?.inStock }]),
  );
  return {
    me: {
      id: me.id,
      name: me.name,
      reviews: reviews.map(({ id, body, product }) => ({ id, body, product: products.get(product?.upc) })),
    },
  };
}

/** One fetch. */
export function answerLight(): Promise<object> {
  return fetchLight();
}

function toFetch<Data>(subgraph: string, query: string): () => Promise<Data> {
  const body = JSON.stringify({ query });
  return () => fetchData<Data>(subgraph, body);
}

function toEntityFetch<Entity>(subgraph: string, selections: string) {
  const query = `query($representations:[_Any!]!){_entities(representations:$representations){${selections}}}`;
  const start = `{"query":${JSON.stringify(query)},"variables":{"representations":`;
  return async (representations: readonly object[]): Promise<Entity[]> => {
    const body = `${start}${JSON.stringify(representations)}}}`;
    return (await fetchData<{ _entities: Entity[] }>(subgraph, body))._entities;
  };
}

async function fetchData<Data>(subgraph: string, body: string): Promise<Data> {
  const answer = await subgraphs.post(subgraph, body);
  return (JSON.parse(answer.body.toString()) as { data: Data }).data;
}
