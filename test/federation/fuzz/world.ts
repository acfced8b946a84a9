/** The data behind the fuzzed graph: one world of objects that point at each other, whole for everyone who looks. */

export interface Thing {
  /** Tells the things of the world apart, also those without a key; never a field of the schema. */
  readonly uid: string;
  /** The concrete type; `__typename` may become an interface's in a subgraph that knows no other. */
  readonly kind: string;
  readonly __typename: string;
  readonly [field: string]: unknown;
}

type Draft = { -readonly [K in keyof Thing]: Thing[K] };

function make(kind: string, uid: string, fields: Record<string, unknown>): Draft {
  return { uid, kind, __typename: kind, ...fields };
}

const at = <T>(items: readonly T[], index: number): T => items[index % items.length] as T;
const every = (count: number, build: (index: number) => Draft): Draft[] =>
  Array.from({ length: count }, (_, index) => build(index));

const cities = every(3, (i) =>
  make('City', `city${i}`, { name: at(['Oslo', 'Hue', 'Lima'], i), zone: i || null }),
);
const addresses = every(4, (i) =>
  make('Address', `address${i}`, { street: i === 1 ? null : `Street ${i}`, city: at(cities, i) }),
);
const users = every(5, (i) =>
  make('User', `u${i}`, {
    id: `u${i}`,
    email: `u${i}@x`,
    fullName: `User ${i}`,
    role: i === 0 ? 'ADMIN' : 'MEMBER',
    tags: Array.from({ length: i % 3 }, (_, tag) => `tag${tag}`),
    address: i === 2 ? null : at(addresses, i),
  }),
);
const guests = every(2, (i) =>
  make('Guest', `guest${i}`, { email: `guest${i}@x`, fullName: `Guest ${i}`, nickname: i ? null : 'Gus' }),
);
const categories = every(4, (i) => make('Category', `c${i}`, { slug: `c${i}`, name: `Category ${i}` }));
const warehouses = every(3, (i) =>
  make('Warehouse', `w${i}`, { country: i === 2 ? 'PE' : 'NO', code: i, address: at(addresses, i + 1) }),
);
const carriers = every(3, (i) =>
  i === 1
    ? make('Drone', `carrier${i}`, { name: 'Buzz', speed: 80, range: 12.5 })
    : make('Truck', `carrier${i}`, { name: `Truck ${i}`, speed: 50 + i, wheels: 4 + 2 * i }),
);
const product = (i: number) => ({ title: `Title ${i}`, cents: i === 3 ? null : 100 * (i + 1) });
const books = every(4, (i) =>
  make('Book', `b${i}`, {
    id: `b${i}`,
    ...product(i),
    pages: 10 * i,
    weight: i === 1 ? null : 5 * i,
    copies: i,
  }),
);
const gadgets = every(4, (i) =>
  make('Gadget', `g${i}`, {
    id: `g${i}`,
    ...product(i + 2),
    volts: i === 2 ? null : 1.5 * i,
    weight: i === 3 ? null : 7 * i,
    copies: 10 - i,
    size: i === 1 ? null : make('Size', `size${i}`, { width: i, height: 2 * i, unit: i ? 'CM' : null }),
  }),
);
const bundles = every(2, (i) => make('Bundle', `k${i}`, { id: `k${i}`, ...product(i + 5), weight: 40 + i }));
const products = [...books, ...gadgets, ...bundles];
const visitors = every(2, (i) => make('Visitor', `visitor${i}`, { handle: `visitor ${i}` }));
const replies = every(3, (i) => make('Reply', `reply${i}`, { text: `Reply ${i}`, by: at(users, i + 1) }));
const reviews = every(8, (i) =>
  make('Review', `r${i}`, { id: `r${i}`, text: i === 4 ? null : `Body of review ${i}`, stars: (i * 3) % 6 }),
);

// The links that go round.
for (const [i, user] of users.entries()) {
  user.manager = i === 0 ? null : at(users, i - 1);
  user.friends = users.filter((_, other) => (other * 7 + i) % 3 === 0 && other !== i);
  user.favourite = i === 3 ? null : at(books, i);
  user.reviews = reviews.filter((_, review) => review % 5 === i && review !== 6);
}
for (const [i, category] of categories.entries()) {
  category.parent = i === 0 ? null : at(categories, Math.floor(i / 2));
  category.products = products.filter((_, other) => other % 4 === i);
}
for (const [i, item] of products.entries()) {
  item.category = at(categories, i);
  item.reviews = reviews.filter((_, review) => review % products.length === i || i === 5);
  item.score = i === 7 ? null : i / 2;
}
for (const [i, book] of books.entries()) {
  book.author = i === 2 ? null : at(users, i + 1);
  book.related = [at(gadgets, i), at(bundles, i), at(books, i + 1)];
}
for (const [i, gadget] of gadgets.entries()) {
  gadget.parts = i === 0 ? null : gadgets.slice(0, i);
  gadget.warehouse = i === 2 ? null : at(warehouses, i);
}
for (const [i, bundle] of bundles.entries())
  bundle.items = [at(books, i), at(gadgets, i + 1), at(books, i + 2)];
for (const [i, warehouse] of warehouses.entries()) {
  warehouse.stock = [at(books, i), at(gadgets, i), at(gadgets, i + 1)];
  warehouse.carriers = carriers.slice(0, i);
  warehouse.backup = i === 1 ? null : at(carriers, i + 1);
}
for (const carrier of carriers) carrier.base = carrier.kind === 'Drone' ? warehouses[2] : undefined;
for (const [i, review] of reviews.entries()) {
  review.author = i === 6 ? at(visitors, 0) : i === 3 ? null : at(users, i);
  review.product = at(products, i);
  review.replies = i % 3 === 0 ? [[at(replies, i), null], null, []] : i % 3 === 1 ? null : [[at(replies, i)]];
}

export const world = {
  users,
  guests,
  categories,
  warehouses,
  carriers,
  products,
  gadgets,
  reviews,
  replies,
} satisfies Record<string, readonly Thing[]>;
