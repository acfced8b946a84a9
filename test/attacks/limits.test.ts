/** Attacks by size: what would cost too much to plan or to run is refused before it is planned. */
import { createAttack } from '../support/attack.ts';

const attack = createAttack({ dev: true });

const times = (count: number, item: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => item(index)).join(' ');
const post = (query: string, variables: object = {}) => ({ body: { query, variables } });
const tooLarge = { status: 400, code: 'LIMIT_EXCEEDED', fetches: 0 };
const tooDear = { status: 400, code: 'COST_LIMIT_EXCEEDED', fetches: 0 };
const invalid = { status: 400, code: 'GRAPHQL_VALIDATION_FAILED', fetches: 0 };
const nested = (field: string, levels: number): string =>
  `${`${field}{`.repeat(levels)}id${'}'.repeat(levels)}`;

const doubling = (levels: number): string =>
  `{user(id:1){...F0}} ${times(levels, (level) => {
    const next = `followers{...F${level + 1}}`;
    return `fragment F${level} on User{a:${next} b:${next}}`;
  })} fragment F${levels} on User{id}`;

for (const levels of [32, 53, 64]) {
  attack('C-04', `2^${levels} selections do not wrap around to few`, {
    send: post(doubling(levels)),
    expect: tooLarge,
    maxHoldMs: 20,
  });
}

attack('C-07', 'a fragment first spread near the root is as deep as where it is spread last', {
  send: post(
    `{user(id:1){...F ${nested('followers', 6).replace('id', '...F')}}} fragment F on User{${nested('followers', 6)}}`,
  ),
  expect: tooLarge,
});

for (const levels of [10, 20, 40, 60]) {
  attack(
    'C-01',
    `fragments that spread the next twice, ${levels} levels deep, are measured without expanding them`,
    {
      send: post(doubling(levels)),
      expect: tooLarge,
      maxHoldMs: 20,
    },
  );
}

attack('C-08', 'a fragment called __schema hides no depth', {
  send: post(`{user(id:1){...__schema}} fragment __schema on User{${nested('followers', 13)}}`),
  expect: tooLarge,
});

attack('C-08', 'a fragment called __schema hides no cost', {
  send: post(`{user(id:1){...__schema}} fragment __schema on User{${nested('followers', 6)}}`),
  expect: tooDear,
});

attack('C-08', 'an operation called __type hides no cost', {
  send: post(`query __type{user(id:1){${nested('followers', 6)}}}`),
  expect: tooDear,
});

attack('C-08', 'a field under the alias __schema is counted like any other', {
  send: post(`{user(id:1){${nested('__schema:followers', 6)}}}`),
  expect: tooDear,
});

attack('C-08', 'an alias called __typename is counted like any other', {
  send: post(`{${times(16, (index) => `a${index}:docs{__typename:id}`)}}`),
  expect: tooLarge,
});

attack('C-09', '500 aliases of __typename are 500 aliases', {
  send: post(`{${times(500, (index) => `a${index}:__typename`)}}`),
  expect: tooLarge,
});

attack('C-09', '5,000 aliases of __typename are too long a document', {
  send: post(`{${times(5_000, (index) => `a${index}:__typename`)}}`),
  expect: tooLarge,
});

attack('C-09', '40 equal mutations under the alias __typename are 40 aliases', {
  as: 'user',
  send: post(`mutation{${times(40, () => '__typename:login(name:"a")')}}`),
  expect: tooLarge,
});

attack('C-09', '5 mutations under one alias contradict each other', {
  as: 'user',
  send: post(`mutation{${times(5, (index) => `__typename:login(name:"${index}")`)}}`),
  expect: invalid,
});

for (const [what, query, variables] of [
  ['written in the document', '{users(first:100000){id}}', {}],
  ['a default', 'query($n:Int=100000){users(first:$n){friends(first:$n){id}}}', {}],
  ['a variable', 'query($n:Int){users(first:$n){friends(first:$n){id}}}', { n: 100_000 }],
  ['a variable against a small default', 'query($n:Int=1){users(first:$n){id}}', { n: 100_000 }],
  ['the default of an argument, squared by a nested list', '{users{friends(first:250){id}}}', {}],
] as const) {
  attack('C-10', `a page size that is ${what} is priced by its coerced value`, {
    send: post(query, variables),
    expect: tooDear,
  });
}

attack('C-10', 'a negative page size has no price', {
  send: post('query($n:Int){users(first:$n){id}}', { n: -1 }),
  expect: { status: 400, code: 'BAD_USER_INPUT', fetches: 0 },
});

attack('C-12', 'six nested lists without page size are priced by the default size', {
  send: post(`{user(id:1){${nested('followers', 6)}}}`),
  expect: tooDear,
});

attack('C-13', '200 logins in one document are refused whole', {
  send: post(`mutation{${times(200, (index) => `a${index}:login(name:"${index}")`)}}`),
  expect: tooLarge,
});

attack('C-13', '11 aliases of one root field are too many attempts', {
  send: post(`{${times(11, (index) => `a${index}:user(id:"${index}"){id}`)}}`),
  expect: tooLarge,
});

attack('C-13', '6 logins in one document are too many changes', {
  send: post(`mutation{login(name:"0") ${times(5, (index) => `a${index}:login(name:"${index}")`)}}`),
  expect: tooLarge,
});

const switched = `query($on:Boolean!){user(id:1){id followers @include(if:$on){${nested('followers', 5)}}}}`;
attack('C-14', 'a dear branch that a variable switches off costs nothing', {
  send: post(switched, { on: false }),
  expect: { status: 200, fetches: 1, data: { user: { id: '1' } } },
});

attack('C-14', 'a dear branch is priced when a variable switches it on after a cheap run', {
  first: [post(switched, { on: false })],
  send: post(switched, { on: true }),
  expect: tooDear,
});

attack('C-14', 'a branch that is skipped for good still counts towards depth', {
  send: post(`{user(id:1){id followers @skip(if:true){${nested('followers', 12)}}}}`),
  expect: tooLarge,
});
