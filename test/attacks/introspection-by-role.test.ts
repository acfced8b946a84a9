/** Attempts to read of the schema what one may not ask, where the schema may be read. */
import { expect } from 'vitest';
import { createAttack } from '../support/attack.ts';
import type { Answer, Asker, Send } from '../support/attack-world.ts';

const anyone = createAttack({ dev: true });
const withReference = createAttack({ dev: true, config: { engine: 'apollo' } });
const adminsOnly = createAttack({ dev: true, config: { access: { introspection: 'ADMIN' } } });

const whole: Send = {
  body: {
    query: '{ __schema { types { name fields { name } interfaces { name } possibleTypes { name } } } }',
  },
};
const typeNamed = (name: string): Send => ({
  body: { query: `{ a: __type(name: "${name}") { fields { name } } }` },
});

interface TypeSeen {
  readonly name: string;
  readonly fields: readonly { readonly name: string }[] | null;
}

function seen({ json }: Answer): string[] {
  const data = json?.data as { __schema?: { types: TypeSeen[] } } | undefined;
  return (data?.__schema?.types ?? []).flatMap(({ name, fields }) => [
    name,
    ...(fields ?? []).map((field) => `${name}.${field.name}`),
  ]);
}

const always = ['Query', 'Doc.title', 'User.name', 'Query.account'];
const usersOnly = ['Query.orders', 'Order', 'Mutation.touch', 'Query.me', 'User.orders'];
const adminsSee = ['Secret', 'Secret.code', 'Query.admin', 'Admin.keys', 'Mutation.wipe', 'User.audit'];
const nobodySees = ['Fresh', 'Query.fresh', 'Mutation.fresh'];

for (const [as, shown, hidden] of [
  ['guest', always, [...usersOnly, ...adminsSee, ...nobodySees]],
  ['user', [...always, ...usersOnly], [...adminsSee, ...nobodySees]],
  ['admin', [...always, ...usersOnly, ...adminsSee], nobodySees],
] as const satisfies readonly [Asker, readonly string[], readonly string[]][]) {
  anyone('R-16', `a ${as} sees of the schema what a ${as} may ask, and no more`, {
    as,
    send: whole,
    expect: { status: 200, fetches: 0 },
    also(answer) {
      const names = seen(answer);
      expect(shown.filter((name) => !names.includes(name))).toEqual([]);
      expect(hidden.filter((name) => names.includes(name))).toEqual([]);
    },
  });
}

anyone('R-16', 'a type that a user may not ask is not found by its name', {
  as: 'user',
  first: [whole],
  send: typeNamed('Secret'),
  expect: { status: 200, fetches: 0, data: { a: null } },
});

anyone('R-16', 'what an admin has seen is not shown to the next who asks the same', {
  as: 'guest',
  send: async (world) => {
    await world.ask(whole, 'admin');
    return whole;
  },
  expect: { status: 200, fetches: 0 },
  also: (answer) => expect(seen(answer)).not.toContain('Secret'),
});

for (const [as, expected] of [
  ['guest', { status: 401, code: 'UNAUTHENTICATED', fetches: 0 }],
  ['user', { status: 403, code: 'FORBIDDEN', fetches: 0 }],
  ['admin', { status: 200, fetches: 0, data: { a: { fields: [{ name: 'id' }, { name: 'keys' }] } } }],
] as const) {
  adminsOnly('R-16', `where only admins may read the schema, a ${as} is answered ${expected.status}`, {
    as,
    send: typeNamed('Admin'),
    expect: expected,
  });
}

adminsOnly('R-16', 'a user may ask __typename all the same', {
  as: 'user',
  send: { body: { query: '{ __typename docs { __typename } }' } },
  expect: { status: 200, fetches: 1, data: { __typename: 'Query', docs: [{ __typename: 'Doc' }] } },
});

withReference('R-16', 'the reference engine shows a user no more', {
  as: 'user',
  send: whole,
  expect: { status: 200, fetches: 0 },
  also(answer) {
    expect(seen(answer)).toContain('Query.orders');
    expect(seen(answer)).not.toContain('Secret');
  },
});
