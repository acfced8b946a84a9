/** A document that is known is not given to Apollo Server again; nobody can tell by the answer. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, type AttackWorld, startAttackWorld } from '../support/attack-world.ts';
import { answering } from '../support/misbehaviours.ts';

let world: AttackWorld;

beforeAll(async () => {
  world = await startAttackWorld({ dev: true });
  world.subgraph('orders').misbehave(answering({ data: null, errors: [{ message: 'away' }] }));
});

afterAll(() => world?.close());

const visible = ({ status, headers, text }: Answer) => ({
  status,
  contentType: headers['content-type'],
  cacheControl: headers['cache-control'],
  cost: headers['minigate-cost-estimated'],
  // What is left of the budget is less each time.
  text: text.replace(/"remaining":\d+/, '"remaining":0'),
});

test.each<[what: string, body: object, code?: string]>([
  ['an answer', { query: '{ docs { id } }' }],
  ['introspection', { query: '{ __schema { queryType { name } } __typename }' }],
  ['a mutation', { query: 'mutation { touch }' }],
  ['a part that failed', { query: '{ docs { id } me { name orders { id } } }' }, 'SUBGRAPH_ERROR'],
  ['an answer without data', { query: '{ orders { id } }' }, 'SUBGRAPH_ERROR'],
  ['a refusal by the rules', { query: '{ admin { id } }' }, 'FORBIDDEN'],
  ['a refusal by the price', { query: '{ users(first: 99999) { id } }' }, 'COST_LIMIT_EXCEEDED'],
  ['a refusal by the size', { query: `{ ${'a: __typename '.repeat(40)} }` }, 'LIMIT_EXCEEDED'],
  [
    'a variable that does not fit',
    { query: 'query ($n: Int!) { users(first: $n) { id } }', variables: { n: 'x' } },
    'BAD_USER_INPUT',
  ],
  [
    'a name that no operation has',
    { query: 'query A { docs { id } } query B { docs { id } }', operationName: 'C' },
    'OPERATION_RESOLUTION_FAILURE',
  ],
  ['a document that does not parse', { query: '{ docs {' }, 'GRAPHQL_PARSE_FAILED'],
  ['a document that does not validate', { query: '{ nothing }' }, 'GRAPHQL_VALIDATION_FAILED'],
])('%s is the same the second time', async (_what, body, code) => {
  const ask = (): Promise<Answer> => world.ask({ body, headers: { 'minigate-cost': '1' } }, 'user');
  const [first, second] = [await ask(), await ask()];
  expect(first.json?.errors?.[0]?.extensions?.code).toBe(code);
  expect(visible(second)).toEqual(visible(first));
});
