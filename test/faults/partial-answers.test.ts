/** Faults in what a subgraph answers: each is told at its place, and everything else stays. */
import { expect } from 'vitest';
import { createAttack } from '../support/attack.ts';
import type { Answer } from '../support/attack-world.ts';
import { answering, breakingOff, silent } from '../support/misbehaviours.ts';

const attack = createAttack({ dev: true, config: { subgraphs: { timeoutMs: 500 } } });

const send = { body: { query: '{ user(id: "1") { id } docs { id } }' } };
const partly = (code: string | readonly string[]) => ({
  status: 200,
  code,
  fetches: 2,
  data: { user: null, docs: [{ id: 'd1' }] },
});
const errorsOf = ({ json }: Answer) =>
  (json?.errors ?? []).map(({ message, path, extensions }) => ({ message, path, code: extensions?.code }));

attack(
  'B-16',
  'what a subgraph could give is there, and what it could not is told by the names of the client',
  {
    subgraphs: {
      users: answering({
        data: { first: { nick: 'A' }, second: { nick: null } },
        errors: [{ message: 'no such name', path: ['second', 'nick'], extensions: { code: 'NOT_FOUND' } }],
      }),
    },
    send: {
      body: {
        query: '{ first: user(id: "1") { nick: name } second: user(id: "2") { nick: name } docs { id } }',
      },
    },
    expect: {
      status: 200,
      code: 'NOT_FOUND',
      fetches: 2,
      data: { first: { nick: 'A' }, second: { nick: null }, docs: [{ id: 'd1' }] },
    },
    also: (answer) =>
      expect(errorsOf(answer)).toEqual([
        { message: 'no such name', path: ['second', 'nick'], code: 'NOT_FOUND' },
      ]),
  },
);

for (const [what, user, place, data] of [
  ['a scalar for an object', 'text', ['user'], null],
  ['a list for an object', [{ id: '1', name: 'A' }], ['user'], null],
  ['an object for a scalar', { id: { value: '1' }, name: 'A' }, ['user', 'id'], null],
  ['a boolean for an id', { id: true, name: 'A' }, ['user', 'id'], null],
  ['null for what may not be null', { id: null, name: 'A' }, ['user', 'id'], null],
  ['nothing for what may not be null', { name: 'A' }, ['user', 'id'], null],
  ['a number for a string', { id: '1', name: 5 }, ['user', 'name'], { id: '1', name: null }],
] as const) {
  attack('B-17', `${what} is null at the nearest place that may be, and told`, {
    subgraphs: { users: answering({ data: { user } }) },
    send: { body: { query: '{ user(id: "1") { id name } docs { id } }' } },
    expect: { ...partly('SUBGRAPH_BAD_RESPONSE'), data: { user: data, docs: [{ id: 'd1' }] } },
    also: (answer) => expect(errorsOf(answer).map(({ path }) => path)).toEqual([place]),
  });
}

for (const [what, price] of [
  ['text', '5'],
  ['a fraction', 1.5],
  ['more than 32 bits', 2 ** 31],
  ['a list', [5]],
  ['an object that cannot be made a number', { toString: 5, valueOf: 5 }],
] as const) {
  attack('B-17', `${what} for a whole number is null, and told`, {
    subgraphs: { admin: answering({ data: { _entities: [{ __typename: 'Item', price }] } }) },
    send: { body: { query: '{ item { price } user(id: "1") { id } }' } },
    expect: {
      status: 200,
      code: 'SUBGRAPH_BAD_RESPONSE',
      fetches: 3,
      data: { item: { price: null }, user: { id: '1' } },
    },
    also: (answer) => expect(errorsOf(answer).map(({ path }) => path)).toEqual([['item', 'price']]),
  });
}

for (const [what, docs, place] of [
  ['an object for a list', { id: 'd1' }, ['docs']],
  ['a scalar for a list', 'text', ['docs']],
  ['null in a list that has none', [{ id: 'd1' }, null], ['docs', 1]],
  ['a list in a list', [['d1']], ['docs', 0]],
] as const) {
  attack('B-17', `${what} leaves no data where nothing above may be null, and is told`, {
    subgraphs: { content: answering({ data: { docs } }) },
    send,
    expect: { status: 200, code: 'SUBGRAPH_BAD_RESPONSE', fetches: 2, data: null },
    also: (answer) => expect(errorsOf(answer).map(({ path }) => path)).toEqual([place]),
  });
}

for (const [what, node] of [
  ['unknown', { __typename: 'Nobody', id: '1' }],
  ['of another kind', { __typename: 'Admin', id: '1' }],
  ['missing', { id: '1' }],
] as const) {
  attack('B-17', `an object whose type is ${what} is null, and told`, {
    subgraphs: { users: answering({ data: { node } }) },
    send: { body: { query: '{ node(id: "1") { __typename ... on User { name } } docs { id } }' } },
    expect: { ...partly('SUBGRAPH_BAD_RESPONSE'), data: { node: null, docs: [{ id: 'd1' }] } },
    also: (answer) => expect(errorsOf(answer).map(({ path }) => path)).toEqual([['node']]),
  });
}

attack('B-17', 'an enum value that the schema does not have is null, and told', {
  subgraphs: { users: answering({ data: { user: { level: 'MIDDLE' } } }) },
  send: { body: { query: '{ user(id: "1") { level } docs { id } }' } },
  expect: { ...partly('SUBGRAPH_BAD_RESPONSE'), data: { user: { level: null }, docs: [{ id: 'd1' }] } },
  also: (answer) => expect(errorsOf(answer).map(({ path }) => path)).toEqual([['user', 'level']]),
});

for (const [what, error] of [
  ['without a message', {}],
  ['whose message is a number', { message: 1 }],
  ['whose extensions are text', { message: 'no', extensions: 'text' }],
  ['whose code is a number', { message: 'no', extensions: { code: 5 } }],
  ['whose code is a list', { message: 'no', extensions: { code: ['NOT_FOUND'] } }],
  ['whose locations are text', { message: 'no', locations: 'here' }],
  ['that is null', null],
  ['that is text', 'no'],
] as const) {
  attack('B-19', `an error ${what} is brought into shape`, {
    subgraphs: { users: answering({ data: null, errors: [error] }) },
    send,
    expect: partly('SUBGRAPH_ERROR'),
    also: (answer) => expect(errorsOf(answer)[0]?.message).toBe('A part of the answer failed.'),
  });
}

const outcomes = ({ json }: Answer) =>
  (json?.errors ?? []).map(({ path, extensions }) => ({ path, outcome: extensions?.outcome }));

attack('B-21', 'the first of two mutations is refused by its subgraph: the second still runs', {
  as: 'user',
  subgraphs: {
    users: answering({
      data: { mayTouch: null },
      errors: [{ message: 'no', path: ['mayTouch'], extensions: { code: 'FORBIDDEN' } }],
    }),
  },
  send: { body: { query: 'mutation { mayTouch place }' } },
  expect: { status: 200, code: 'FORBIDDEN', fetches: 2, data: { mayTouch: null, place: true } },
  also: (answer) => expect(outcomes(answer)).toEqual([{ path: ['mayTouch'], outcome: undefined }]),
});

for (const [what, misbehaviour, code] of [
  ['does not answer in time', silent, 'SUBGRAPH_TIMEOUT'],
  ['breaks off', breakingOff, 'SUBGRAPH_UNAVAILABLE'],
  ['answers what nobody can read', answering('done!'), 'SUBGRAPH_BAD_RESPONSE'],
] as const) {
  attack('B-21', `a mutation whose subgraph ${what} has an unknown outcome, and the next still runs`, {
    as: 'user',
    subgraphs: { users: misbehaviour },
    send: { body: { query: 'mutation { mayTouch place }' } },
    expect: { status: 200, code, fetches: 2, data: { mayTouch: null, place: true } },
    also: (answer) => expect(outcomes(answer)).toEqual([{ path: ['mayTouch'], outcome: 'unknown' }]),
  });
}

const four = { body: { query: '{ user(id: "1") { id } orders { id } docs { id } admin { id } }' } };
const down = answering('', 503);

attack('B-20', 'one of four parallel fetches fails: three parts are there', {
  as: 'admin',
  subgraphs: { admin: down },
  send: four,
  expect: {
    status: 200,
    code: 'SUBGRAPH_UNAVAILABLE',
    fetches: 4,
    data: { user: { id: '1' }, orders: [{ id: 'o1' }], docs: [{ id: 'd1' }], admin: null },
  },
});

attack('B-20', 'all of four parallel fetches fail: there is no data, and each failure is told', {
  as: 'admin',
  subgraphs: { users: down, orders: down, content: down, admin: down },
  send: four,
  expect: { status: 200, code: 'SUBGRAPH_UNAVAILABLE', fetches: 4, data: null },
  also: (answer) => expect(errorsOf(answer).length).toBeGreaterThanOrEqual(4),
});

attack('B-20', 'the first of a chain fails: what depends on it is not asked for', {
  as: 'user',
  subgraphs: { users: down },
  send: { body: { query: '{ user(id: "1") { orders { id } } docs { id } }' } },
  expect: {
    status: 200,
    code: 'SUBGRAPH_UNAVAILABLE',
    fetches: 2,
    data: { user: null, docs: [{ id: 'd1' }] },
  },
});

attack('B-20', 'the second of a chain fails: the first is there', {
  as: 'user',
  subgraphs: { users: down },
  send: { body: { query: '{ orders { id user { name } } }' } },
  expect: {
    status: 200,
    code: 'SUBGRAPH_UNAVAILABLE',
    fetches: 2,
    data: { orders: [{ id: 'o1', user: { name: null } }] },
  },
});
