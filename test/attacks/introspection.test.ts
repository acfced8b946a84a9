/** Attempts to read the schema where it is closed. */
import { documentIdOf } from '../../gateway/persisted/safelist.ts';
import { createAttack } from '../support/attack.ts';
import type { Send } from '../support/attack-world.ts';

const operations = {
  whole: '{ __schema { types { name fields { name } } } }',
  one: '{ __type(name: "Secret") { fields { name } } }',
  aliased: '{ a: __schema { b: types { name } } }',
  inFragment: '{ ...A } fragment A on Query { __schema { queryType { name } } }',
  typename: 'query typename { __typename docs { __typename id } }',
};
const attack = createAttack({ dev: false, operations });

const byId = (name: keyof typeof operations): Send => ({
  body: { documentId: documentIdOf(operations[name]) },
});
const closed = { status: [400, 403], code: ['GRAPHQL_VALIDATION_FAILED', 'FORBIDDEN'], fetches: 0 };

for (const [id, name] of [
  ['R-16', 'whole'],
  ['R-16', 'one'],
  ['R-16', 'aliased'],
  ['R-16', 'inFragment'],
  ['C-08', 'aliased'],
] as const) {
  attack(id, `${operations[name]} is closed, also by id and to users`, {
    as: 'user',
    send: byId(name),
    expect: closed,
  });
}

attack('R-16', 'introspection by GET is closed', {
  as: 'user',
  send: { method: 'GET', path: `/graphql?documentId=${documentIdOf(operations.whole)}` },
  expect: closed,
});

attack('R-16', '__typename is open', {
  as: 'user',
  send: byId('typename'),
  expect: {
    status: 200,
    fetches: 1,
    data: { __typename: 'Query', docs: [{ __typename: 'Doc', id: 'd1' }] },
  },
});
