/** Attacks on the access rules: one denied field, however it is reached, and nothing of the document runs. */
import { expect } from 'vitest';
import { createAttack } from '../support/attack.ts';
import { appId, type Send } from '../support/attack-world.ts';

const attack = createAttack({ dev: true });

const post = (query: string, variables: object = {}): Send => ({ body: { query, variables } });
const forbidden = { status: 403, code: 'FORBIDDEN', fetches: 0 };
const unauthenticated = { status: 401, code: 'UNAUTHENTICATED', fetches: 0 };
const invalid = { status: 400, code: 'GRAPHQL_VALIDATION_FAILED', fetches: 0 };

for (const [id, what, query] of [
  ['R-01', 'plainly', '{me{ssn}}'],
  ['R-01', 'under an alias', '{me{n:ssn}}'],
  ['R-01', 'under an alias of its parent', '{a:me{ssn}}'],
  ['R-01', 'beside a harmless alias of its parent', '{a:me{name} me{ssn}}'],
  ['R-01', 'merged from two selections', '{me{name} me{ssn}}'],
  ['R-02', 'through a named fragment', '{me{...A}} fragment A on User{ssn}'],
  ['R-02', 'through nested fragments', '{me{...A}} fragment A on User{...B} fragment B on User{ssn}'],
  ['R-02', 'through a fragment defined before its use', 'fragment A on User{ssn} query{me{...A}}'],
  ['R-02', 'through an inline fragment without a type', '{me{...{ssn}}}'],
  ['R-02', 'by interface and then object', '{node(id:1){...on Ent{...on User{ssn}}}}'],
  ['R-02', 'by a fragment on an interface', '{me{...A}} fragment A on Ent{...B} fragment B on User{ssn}'],
  ['R-05', 'that is ruled on its interface, on the object', '{user(id:1){audit}}'],
  ['R-05', 'that is ruled on its interface, narrowed to the object', '{node(id:1){...on User{audit}}}'],
  ['R-05', 'that is ruled on its interface, on the interface', '{node(id:1){...on Ent{audit}}}'],
  ['R-06', 'that one implementation closes, on the interface', '{node(id:1){id}}'],
  ['R-06', 'that one implementation closes, on an interface of the interface', '{node(id:1){...on Ent{id}}}'],
  ['R-08', 'through conditions that leave only a closed type', '{node(id:1){...on Ent{...on Secret{code}}}}'],
  ['R-08', 'through conditions that go up and down again', '{node(id:1){...on Secret{...on Node{id}}}}'],
  ['R-12', 'at the end of a join', '{orders{user{ssn}}}'],
  ['R-12', 'at the end of a cycle', '{me{orders{user{orders{user{ssn}}}}}}'],
  ['R-12', 'below lists', '{users(first:2){friends{followers{ssn}}}}'],
  ['R-18', 'in the result of an allowed mutation', 'mutation{touchUser{ssn}}'],
  ['R-18', 'in the result of an allowed mutation, joined', 'mutation{touchUser{orders{user{audit}}}}'],
] as const) {
  attack(id, `a closed field, asked ${what}, is forbidden`, {
    as: 'user',
    send: post(query),
    expect: forbidden,
  });
}

for (const [what, query, data] of [
  [
    'only the types that a condition leaves are judged',
    '{node(id:1){...on User{id}}}',
    { node: { id: '1' } },
  ],
  [
    'only the types that two conditions leave are judged',
    '{node(id:1){...on Ent{...on User{name}}}}',
    { node: { name: 'Person 1' } },
  ],
] as const) {
  attack('R-08', what, { as: 'user', send: post(query), expect: { status: 200, fetches: 1, data } });
}

attack('R-08', 'what stands under conditions that nothing fulfils is not judged, for it is never asked', {
  as: 'user',
  send: post('{user(id:1){id ...on Node{...on Secret{code}}}}'),
  expect: { status: 200, fetches: 1, data: { user: { id: '1' } } },
});

const toggled = 'query($on:Boolean!){me{name ssn @include(if:$on)}}';
attack('R-04', 'a closed branch that a variable switches on is forbidden after a run without it', {
  as: 'user',
  first: [post(toggled, { on: false })],
  send: post(toggled, { on: true }),
  expect: forbidden,
});

const accountOf = 'query($id:ID){account(id:$id){id}}';
attack('R-04', 'a decision on one argument is not kept for another', {
  as: 'user',
  first: [post(accountOf, { id: 'me' })],
  send: post(accountOf, { id: '2' }),
  expect: forbidden,
});

attack('R-13', '_service is no field here', { as: 'admin', send: post('{_service{sdl}}'), expect: invalid });

attack('R-13', '_entities is no field here', {
  as: 'admin',
  send: post('{_entities(representations:[{__typename:"User",id:"1"}]){...on User{ssn}}}'),
  expect: invalid,
});

for (const query of [
  'mutation{touch wipe}',
  'mutation{wipe touch}',
  'mutation{a:touch b:wipe c:login(name:"a")}',
]) {
  attack('R-17', `${query}: one denied mutation denies the allowed ones`, {
    as: 'user',
    send: post(query),
    expect: forbidden,
  });
}

for (const [what, send] of [
  ['as it is', post('{account(id:"2"){id}}')],
  ['as a variable', post(accountOf, { id: '2' })],
  ['as a number', post('{account(id:2){id}}')],
  ['as a number in a variable', post(accountOf, { id: 2 })],
  ['as the default of a variable', post('query($id:ID="2"){account(id:$id){id}}')],
  ['as null', post('{account(id:null){id}}')],
  ['as null in a variable', post(accountOf, { id: null })],
  ['in the second of two aliases', post('{a:account(id:"me"){id} b:account(id:"2"){id}}')],
  ['in a list', post('{account(ids:["me","2"]){id}}')],
  ['as a list of one, without brackets', post('{account(ids:"2"){id}}')],
  ['in a list in a variable', post('query($ids:[ID!]){account(ids:$ids){id}}', { ids: ['me', '2'] })],
  ['in an input object', post('{account(where:{id:"2"}){id}}')],
  [
    'in an input object in a variable',
    post('query($w:AccountFilter){account(where:$w){id}}', { w: { id: 2 } }),
  ],
  ['as an enum', post('{account(kind:HIGH){id}}')],
  ['as an enum in a variable', post('query($k:Level){account(kind:$k){id}}', { k: 'HIGH' })],
] as const) {
  attack('R-20', `an argument that a rule denies, given ${what}, is forbidden`, {
    as: 'user',
    send,
    expect: forbidden,
  });
}

attack('R-20', 'an argument that is left out is judged by its default', {
  as: 'user',
  send: post('{account{id}}'),
  expect: { status: 200, fetches: 1, data: { account: { id: 'me' } } },
});

for (const [what, field] of [
  ['alone', 'seconds'],
  ['inside not', 'frames'],
  ['inside or', 'width'],
  ['inside and', 'height'],
] as const) {
  attack('R-21', `a rule that fails ${what} lets nobody through`, {
    as: 'user',
    send: post(`{media{...on Clip{${field}}}}`),
    expect: { status: 503, code: 'AUTHORIZATION_UNAVAILABLE', fetches: 0 },
    also: ({ headers }) => expect(headers['retry-after']).toBe('1'),
  });
}

for (const [what, query] of [
  ['field of a type', '{fresh{id}}'],
  ['mutation', 'mutation{fresh}'],
] as const) {
  attack('R-22', `a ${what} that a schema brings and no rule names is denied, to admins too`, {
    as: 'admin',
    send: post(query),
    expect: forbidden,
  });
}

const answers = new Set<string>();
for (const [what, query] of [
  ['its fields', '{admin{id}}'],
  ['its name alone', '{admin{__typename}}'],
  ['its name under an alias', '{a:admin{b:__typename}}'],
  ['an entity of it that exists', '{node(id:"secret-1"){...on Secret{id}}}'],
  ['an entity of it that does not', '{node(id:"nothing"){...on Secret{id}}}'],
] as const) {
  attack('R-25', `whether a closed type holds anything is not told by ${what}`, {
    as: 'user',
    send: post(query),
    expect: forbidden,
    also: ({ text }) => expect(answers.add(text).size).toBe(1),
  });
}

for (const [what, openid] of [
  ['with a trailing space', 'o-trailing-space'],
  ['with a Cyrillic letter', 'o-look-alike'],
  ['as a list in one string', 'o-list'],
  ['of the prototype of objects', 'o-prototype'],
] as const) {
  attack('R-26', `a role ${what} gives nothing`, {
    send: async (world) => {
      const code = await world.loginCode(openid);
      const login = await world.ask({ path: '/auth/wechat/login', body: { appId, code } });
      const authorization = `Bearer ${login.json?.accessToken}`;
      return { ...post('{admin{id}}'), headers: { authorization } };
    },
    expect: forbidden,
  });
}

const caller = { kind: 'user', userId: '1', roles: ['ADMIN'], scopes: ['pii.read'] };
attack('R-26', 'roles from headers that nobody signed give nothing', {
  as: 'user',
  send: {
    ...post('{admin{id}}'),
    headers: {
      'x-role': 'ADMIN',
      'x-user-role': 'ADMIN',
      'minigate-principal': Buffer.from(JSON.stringify(caller)).toString('base64url'),
    },
  },
  expect: forbidden,
});

attack('J-20', 'a guest who asks for what needs a session is told to log in', {
  send: post('{me{name}}'),
  expect: unauthenticated,
});

attack('J-20', 'a guest learns no more of what is closed to users too', {
  send: post('{admin{id}}'),
  expect: unauthenticated,
});
