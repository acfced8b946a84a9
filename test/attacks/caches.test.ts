/** Attacks on what is kept: answers and validated documents serve nobody but those they were made for. */
import { expect, test } from 'vitest';
import { createAttack } from '../support/attack.ts';
import type { Asker } from '../support/attack-world.ts';
import { startTestGateway } from '../support/test-gateway.ts';
import { startTestSubgraph, type TestSubgraph } from '../support/test-subgraph.ts';

const attack = createAttack({ dev: true });

attack('K-05', 'an answer that a subgraph calls public is not stored by anyone on the way', {
  as: 'user',
  subgraphs: {
    users: (_request, response) => {
      response.writeHead(200, {
        'content-type': 'application/json',
        'cache-control': 'public, max-age=3600',
      });
      response.end('{"data":{"me":{"name":"Me"}}}');
    },
  },
  send: { body: { query: '{ me { name } }' } },
  expect: { status: 200, fetches: 1, data: { me: { name: 'Me' } } },
  also: ({ headers }) => {
    expect(headers['cache-control']).toContain('no-store');
    expect(headers).not.toHaveProperty('age');
    expect(headers).not.toHaveProperty('etag');
  },
});

for (const [way, send] of [
  ['by GET', { method: 'GET', path: '/graphql?query={me{name}}' }],
  [
    'by GET and a tag that fits anything',
    { method: 'GET', path: '/graphql?query={me{name}}', headers: { 'if-none-match': '*' } },
  ],
] as const) {
  attack('K-05', `nor is one that was asked for ${way}`, {
    as: 'user',
    subgraphs: {
      users: (_request, response) => {
        response.writeHead(200, {
          'content-type': 'application/json',
          'cache-control': 'public, max-age=3600',
        });
        response.end('{"data":{"me":{"name":"Me"}}}');
      },
    },
    send,
    expect: { status: 200, fetches: 1, data: { me: { name: 'Me' } } },
    also: ({ headers }) => {
      expect(headers['cache-control']).toBe('private, no-store');
      expect(headers.vary).toContain('authorization');
      expect(headers).not.toHaveProperty('etag');
    },
  });
}

const lookAlikes = 'query A { docs { id } } query AA { docs { title } } query B { docs { id title } }';
const byName = { A: { id: 'd1' }, AA: { title: 'One' }, B: { id: 'd1', title: 'One' } };
for (const [operationName, doc] of Object.entries(byName)) {
  attack(
    'K-06',
    `the operation ${operationName} of a document is not taken for another whose name it begins`,
    {
      first: Object.keys(byName).map((name) => ({ body: { query: lookAlikes, operationName: name } })),
      send: { body: { query: lookAlikes, operationName } },
      expect: { status: 200, fetches: 1, data: { docs: [doc] } },
    },
  );
}

/** Two documents, of which one's text with its operation's name is the other's with its own. */
const joined = ['query A{docs{id}}#', 'query A{docs{id}}#A'];
for (const [query, operationName] of [
  [joined[0], 'A'],
  [joined[1], ''],
]) {
  attack(
    'K-06',
    `the document ${query} and the name ${JSON.stringify(operationName)} are an entry of their own`,
    {
      first: joined.map((text) => ({ body: { query: text, operationName: 'A' } })),
      send: { body: { query, operationName } },
      expect: { status: 200, fetches: 1, data: { docs: [{ id: 'd1' }] } },
    },
  );
}

const me = { body: { query: '{ me { name } }' } };
attack('K-01', 'equal queries of two users in flight together get each their own answer', {
  as: 'user',
  send: async (world) => {
    const askers = Array.from({ length: 40 }, (_, index): Asker => (index % 2 === 0 ? 'user' : 'admin'));
    const answers = await Promise.all(askers.map((asker) => world.ask(me, asker)));
    expect(answers.map(({ json }) => json?.data)).toEqual(
      askers.map((asker) => ({ me: { name: `Person o-sim-${asker}` } })),
    );
    return me;
  },
  expect: { status: 200, fetches: 1, data: { me: { name: 'Person o-sim-user' } } },
});

test('K-04 a document that is valid under one schema is validated anew under another', async () => {
  const subgraphs = await Promise.all([startShop('name'), startShop('title')]);
  const gateways = await Promise.all(
    subgraphs.map((subgraph) => startTestGateway({ subgraphs: [subgraph], config: { dev: true } })),
  );
  try {
    const answers = [];
    for (const index of [0, 1, 0]) {
      const response = await fetch(`${gateways[index]?.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ product { name } }' }),
      });
      const { data, errors } = (await response.json()) as {
        data?: unknown;
        errors?: { extensions: unknown }[];
      };
      answers.push({ status: response.status, data, refused: errors?.length ?? 0 });
    }
    expect(answers).toEqual([
      { status: 200, data: { product: { name: 'Tea' } }, refused: 0 },
      { status: 400, data: undefined, refused: 1 },
      { status: 200, data: { product: { name: 'Tea' } }, refused: 0 },
    ]);
  } finally {
    await Promise.all([...gateways, ...subgraphs].map((running) => running.close()));
  }
});

function startShop(field: string): Promise<TestSubgraph> {
  return startTestSubgraph({
    name: 'shop',
    sdl: `type Query { product: Product } type Product { ${field}: String }`,
    resolvers: { Query: { product: () => ({ [field]: 'Tea' }) } },
  });
}
