/** Attacks on a gateway that answers queries without what is denied: nothing denied is asked, however it is reached. */
import { expect } from 'vitest';
import { createAttack } from '../support/attack.ts';
import type { Answer, AttackWorld, Send } from '../support/attack-world.ts';

const attack = createAttack({ dev: true, config: { access: { denied: 'filter' } } });

const post = (query: string, variables: object = {}): Send => ({ body: { query, variables } });
const code = 'UNAUTHORIZED_FIELD_OR_TYPE';
const pathsAre =
  (...paths: string[]) =>
  ({ json }: Answer): void => {
    const errors = json?.errors ?? [];
    expect(errors.map(({ path }) => (path as string[]).join('.'))).toEqual(paths);
    expect(errors.filter(({ extensions }) => extensions?.code !== code)).toEqual([]);
  };
/** A word that no subgraph may be asked. */
const neverAsked =
  (word: string) =>
  (_answer: Answer, world: AttackWorld): void => {
    const bodies = world.subgraphs.flatMap(({ received }) => received.map(({ body }) => body));
    expect(bodies.filter((body) => new RegExp(`\\b${word}\\b`).test(body))).toEqual([]);
  };

for (const [what, query, data, path] of [
  ['plainly', '{me{name ssn}}', { me: { name: 'Person o-sim-user', ssn: null } }, 'me.ssn'],
  ['under an alias', '{me{name s:ssn}}', { me: { name: 'Person o-sim-user', s: null } }, 'me.s'],
  ['in a list', '{users(first:2){id ssn}}', { users: [user('1'), user('2')] }, 'users.ssn'],
  ['merged', '{me{name} me{ssn}}', { me: { name: 'Person o-sim-user', ssn: null } }, 'me.ssn'],
  [
    'in a fragment',
    '{me{name ...F}} fragment F on User{ssn}',
    { me: { name: 'Person o-sim-user', ssn: null } },
    'me.ssn',
  ],
] as const) {
  attack('R-01', `a closed field, asked ${what}, is null and told of, and not fetched`, {
    as: 'user',
    send: post(query),
    expect: { status: 200, code, fetches: 1, data },
    also(answer, world) {
      pathsAre(path)(answer);
      neverAsked('ssn')(answer, world);
    },
  });
}

attack('R-02', 'a fragment that is allowed in one place and not in another is filtered in the other alone', {
  as: 'user',
  send: post('{user(id:"1"){...F} node(id:"1"){...on Ent{...F}}} fragment F on Node{id}'),
  expect: { status: 200, code, fetches: 1, data: { user: { id: '1' }, node: null } },
  also: pathsAre('node.id'),
});

attack('R-08', 'what is denied of one type is left to the others under the same key', {
  as: 'user',
  send: post('{node(id:"1"){...on User{x:name} ...on Secret{x:code}}}'),
  expect: { status: 200, code, fetches: 1, data: { node: { x: 'Person 1' } } },
  also: pathsAre('node.x'),
});

attack('R-12', 'a non-null field that is denied takes the nearest nullable field along', {
  as: 'user',
  send: post('{docs{id} admin{keys}}'),
  expect: { status: 200, code, fetches: 1, data: { docs: [{ id: 'd1' }], admin: null } },
  also: pathsAre('admin'),
});

for (const [what, query, data, path] of [
  ['one field', '{admin{id}}', { admin: null }, 'admin'],
  ['all that is below a nullable field', '{me{ssn}}', { me: null }, 'me.ssn'],
  ['a non-null field of the root', '{orders{id}}', null, 'orders'],
] as const) {
  attack('R-01', `where nothing is left but ${what} nothing is fetched`, {
    ...(path === 'orders' ? {} : { as: 'user' as const }),
    send: post(query),
    expect: { status: 200, code, fetches: 0, data },
    also: pathsAre(path),
  });
}

const toggled = 'query($on:Boolean!){me{name ssn @include(if:$on)}}';
for (const [on, data, paths] of [
  [false, { me: { name: 'Person o-sim-user' } }, []],
  [true, { me: { name: 'Person o-sim-user', ssn: null } }, ['me.ssn']],
] as const) {
  attack(
    'R-04',
    `a closed branch that a variable switches ${on ? 'on' : 'off'} is told of only when it was asked`,
    {
      as: 'user',
      first: [post(toggled, { on: !on })],
      send: post(toggled, { on }),
      expect: { status: 200, ...(on && { code }), fetches: 1, data },
      also: pathsAre(...paths),
    },
  );
}

attack('R-04', 'what one person is denied another is not', {
  as: 'admin',
  first: [post('{orders{user{audit}}}')],
  send: post('{user(id:"1"){audit}}'),
  expect: { status: 200, fetches: 1, data: { user: { audit: 'seen' } } },
});

attack('R-20', 'each use of a field is judged by its own arguments', {
  as: 'user',
  send: post('{a:account(id:"me"){id} b:account(id:"2"){id}}'),
  expect: { status: 200, code, fetches: 1, data: { a: { id: 'me' }, b: null } },
  also: pathsAre('b'),
});

attack('R-17', 'a mutation is refused whole', {
  as: 'user',
  send: post('mutation{touchUser{id ssn}}'),
  expect: { status: 403, code: 'FORBIDDEN', fetches: 0 },
});

attack('R-21', 'a rule that fails refuses the whole', {
  as: 'user',
  send: post('{docs{id} media{...on Clip{seconds}}}'),
  expect: { status: 503, code: 'AUTHORIZATION_UNAVAILABLE', fetches: 0 },
});

attack('R-25', 'what is denied costs nothing, and what is left is priced', {
  as: 'user',
  send: post('{users(first:100000){id} admin{id}}'),
  expect: { status: 400, code: 'COST_LIMIT_EXCEEDED', fetches: 0 },
});

function user(id: string) {
  return { id, ssn: null };
}
