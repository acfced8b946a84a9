/** Attacks by number: an answer of one subgraph that would make the gateway ask another for very many things. */
import { expect } from 'vitest';
import { createAttack } from '../support/attack.ts';
import { answering } from '../support/misbehaviours.ts';

const attack = createAttack({ dev: true });

const entities = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ __typename: 'Item', id: `${index}` }));
const query = '{ admin { id keys } items { price } docs { id } }';

for (const [count, what] of [
  [100_000, 'is more than is read of one answer'],
  [20_000, 'is more than is asked of another subgraph at once'],
] as const) {
  attack('C-17', `a list of ${count} entities ${what}`, {
    as: 'admin',
    subgraphs: { content: answering({ data: { items: entities(count), docs: [{ id: 'd1' }] } }) },
    send: { body: { query } },
    expect: { status: 200, code: 'SUBGRAPH_RESPONSE_TOO_LARGE', fetches: 2 },
    also: ({ json }) => expect(json?.errors?.length).toBeLessThanOrEqual(100),
  });
}
