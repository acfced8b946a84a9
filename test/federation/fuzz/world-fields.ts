/** What the fields of the fuzzed graph answer, whoever serves them: fields of an object, unless a function says more. */
import { type Thing, world } from './world.ts';

export type Arguments = Readonly<Record<string, unknown>>;

type FieldFunction = (source: Thing, args: Arguments) => unknown;

interface Filter {
  readonly text?: string | null;
  readonly kinds?: readonly string[] | null;
  readonly limit?: number | null;
  readonly or?: Filter | null;
}

const list = (source: Thing, field: string): readonly Thing[] => source[field] as readonly Thing[];

/** As many as asked: all for null, none for less than one. */
function first(items: readonly Thing[], count: unknown): readonly Thing[] {
  return typeof count === 'number' ? items.slice(0, Math.max(0, count)) : items;
}

const find = (items: readonly Thing[], key: string, value: unknown): Thing | null =>
  items.find((item) => item[key] === value) ?? null;

const kindOf = ({ kind }: Thing): string => kind.toUpperCase();

const name: FieldFunction = ({ fullName }, { style }) =>
  style === 'SHORT' ? String(fullName).slice(0, 4) : `${fullName} (${style})`;

const found = [...world.products, ...world.categories, ...world.users];

function search({ text, kinds, limit, or }: Filter): readonly Thing[] {
  const hits = found.filter(
    (thing) =>
      thing.kind !== 'Bundle' &&
      (!kinds || kinds.includes(kindOf(thing)) || thing.kind === 'Category' || text === 'u1') &&
      (!text || thing.uid.includes(text) || thing.kind === 'Category'),
  );
  return [...first(hits, limit), ...(or ? first(search(or), 2) : [])];
}

const productFields: Record<string, FieldFunction> = {
  price: ({ cents }, { currency }) => (typeof cents === 'number' && currency === 'USD' ? cents + 11 : cents),
  reviews: (source, args) => {
    const { minimum } = args;
    const enough = list(source, 'reviews').filter(
      ({ stars }) => typeof minimum !== 'number' || Number(stars) >= minimum,
    );
    return first(enough, args.first);
  },
};

const fieldFunctions: Readonly<Record<string, Readonly<Record<string, FieldFunction>>>> = {
  Query: {
    me: () => world.users[1],
    user: (_, { id }) => find(world.users, 'id', id),
    users: (_, args) =>
      first(
        world.users.filter(({ role }) => !args.role || role === args.role),
        args.first,
      ),
    person: (_, { email }) => find([...world.users, ...world.guests], 'email', email),
    people: () => [world.guests[0], null, world.users[2], world.guests[1]],
    products: (_, { kinds, ...args }) =>
      first(
        world.products.filter((item) => !Array.isArray(kinds) || kinds.includes(kindOf(item))),
        args.first,
      ),
    product: (_, { id }) => find(world.products, 'id', id),
    search: (_, { filter }) => search((filter ?? {}) as Filter),
    shelves: () => [world.products.slice(3, 6), null, [], [world.products[9], null]],
    categories: () => world.categories,
    scarce: (_, args) => first(world.gadgets, args.first),
    warehouses: () => world.warehouses,
    heavy: (_, { atLeast }) => world.products.filter(({ weight }) => Number(weight) >= Number(atLeast)),
    carriers: () => world.carriers,
    latest: (_, args) => first(world.reviews, args.first),
    best: () => world.products[6],
    feed: () => [world.reviews[3], world.replies[1], null, world.users[4], world.reviews[6]],
  },
  Mutation: {
    rename: (_, { id }) => find(world.users, 'id', id),
    resign: () => true,
    praise: (_, { id }) => find(world.reviews, 'id', id),
  },
  User: { name, friends: (source, args) => first(list(source, 'friends'), args.first) },
  Guest: { name },
  Category: { products: (source, args) => first(list(source, 'products'), args.first) },
  Book: { ...productFields, related: (source, args) => first(list(source, 'related'), args.first) },
  Gadget: productFields,
  Bundle: productFields,
  Review: {
    body: ({ text }, { length }) =>
      typeof text === 'string' && typeof length === 'number' ? text.slice(0, Math.max(0, length)) : text,
  },
};

/** The value of a field that nothing is wrong with. */
export function readField(source: Thing, field: string, args: Arguments): unknown {
  const compute = fieldFunctions[source.kind]?.[field];
  return compute ? compute(source, args) : source[field];
}
