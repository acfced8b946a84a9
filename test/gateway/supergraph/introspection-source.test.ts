import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { buildSchema, type GraphQLSchema, graphql } from 'graphql';
import { afterEach, expect, test } from 'vitest';
import { type RunningProgram, startProgram } from '../../support/run-program.ts';
import { startTestSubgraph } from '../../support/test-subgraph.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** A GraphQL server that knows nothing of federation. */
async function startPlainServer(sdl: string) {
  let schema: GraphQLSchema = buildSchema(sdl);
  const rootValue = { product: ({ id }: { id: string }) => ({ id, name: `Tea ${id}` }), rename: () => true };
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    const { query, variables } = JSON.parse(text);
    const answer = await graphql({ schema, source: query, variableValues: variables, rootValue });
    const status = answer.data === undefined ? 400 : 200;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  const url = await listen(server);
  return {
    url,
    become(other: string) {
      schema = buildSchema(other);
    },
  };
}

async function listen(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as { port: number }).port}/graphql`;
}

function startGateway(subgraphs: readonly string[]): RunningProgram {
  const flags = subgraphs.flatMap((subgraph) => ['--subgraph', subgraph]);
  const program = startProgram(['gateway/main.ts', '--dev', '--port', '0', '--admin-port', '0', ...flags]);
  closing.push(async () => {
    program.process.kill();
    await program.ended;
  });
  return program;
}

async function ask(program: RunningProgram, query: string): Promise<unknown> {
  await program.waitFor('Minigate listens at');
  const url = /listens at (\S+),/.exec(program.output().stderr)?.[1] ?? '';
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

const shop = `type Query { product(id: ID!): Product } type Mutation { rename: Boolean }
  type Product { id: ID! name: String! @deprecated(reason: "old") }`;

test('one plain GraphQL server is served, and what it changes into', async () => {
  const server = await startPlainServer(shop);
  const gateway = startGateway([`shop=${server.url}`]);
  expect(await ask(gateway, '{ product(id: "1") { id name } }')).toEqual({
    data: { product: { id: '1', name: 'Tea 1' } },
  });
  expect(await ask(gateway, 'mutation { rename }')).toEqual({ data: { rename: true } });

  server.become(shop.replace('name: String!', 'name: String! price: Int'));
  await expect
    .poll(() => ask(gateway, '{ product(id: "2") { name price } }'), { timeout: 15_000 })
    .toEqual({ data: { product: { name: 'Tea 2', price: null } } });
});

test('a federated subgraph is served beside it by its own SDL, keys included', async () => {
  const server = await startPlainServer(shop);
  const reviews = await startTestSubgraph({
    name: 'reviews',
    sdl: 'type Query { review: Review } type Review @key(fields: "id") { id: ID! text: String }',
    resolvers: { Query: { review: () => ({ id: 'r1', text: 'good' }) } },
  });
  closing.push(reviews.close);
  const gateway = startGateway([`shop=${server.url}`, `reviews=${reviews.url}`]);
  expect(await ask(gateway, '{ review { text } product(id: "1") { name } }')).toEqual({
    data: { review: { text: 'good' }, product: { name: 'Tea 1' } },
  });
});

test('a server that is not there is told of, with the remedy', async () => {
  const gateway = startGateway(['shop=http://127.0.0.1:9/graphql']);
  expect((await gateway.ended).stderr).toBe(
    'The subgraph shop at http://127.0.0.1:9/graphql cannot be introspected: SUBGRAPH_UNAVAILABLE\n' +
      'Start it first, and let it answer introspection.\n',
  );
});

test('P-08 an answer of more than 1 MB is not read', async () => {
  const server = createServer((_, response) => void response.end(' '.repeat(2_000_000)));
  const gateway = startGateway([`shop=${await listen(server)}`]);
  expect((await gateway.ended).stderr).toContain('cannot be introspected: SUBGRAPH_RESPONSE_TOO_LARGE');
});

test('without --dev nothing is introspected', async () => {
  const program = startProgram(['gateway/main.ts', '--subgraph', 'shop=http://127.0.0.1:9/graphql']);
  expect((await program.ended).stderr).toContain('subgraph: needs --dev');
});
