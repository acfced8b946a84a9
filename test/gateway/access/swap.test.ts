import { expect, test } from 'vitest';
import { startTestGateway } from '../../support/test-gateway.ts';
import { startTestSubgraph, type TestSubgraphDefinition } from '../../support/test-subgraph.ts';

const policy = new URL('./swap-policy.ts', import.meta.url).pathname;

function greeting(sdl: string): TestSubgraphDefinition {
  return { name: 'greeting', sdl, resolvers: { Query: { hello: () => 'hello', secret: () => 's' } } };
}

async function post(url: string, query: string): Promise<unknown> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await response.json()) as {
    data?: unknown;
    errors?: { extensions: { code: string } }[];
  };
  return errors ? `${response.status} ${errors[0]?.extensions.code}` : data;
}

test('F4 a supergraph that lacks what the policy names is served when it comes later, and told of', async () => {
  const before = await startTestSubgraph(greeting('type Query { hello: String secret: String }'));
  const after = await startTestSubgraph(
    greeting('type Query { hello: String added: String } type Mutation { drop: Int }'),
  );
  const gateway = await startTestGateway({ subgraphs: [before], config: { dev: true, policy } });
  const countUnknown = async (): Promise<string | undefined> => {
    const metrics = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
    return /^minigate_policy_unknown_coordinates (\d+)/m.exec(metrics)?.[1];
  };
  try {
    expect(await post(gateway.url, '{ secret }')).toBe('401 UNAUTHENTICATED');

    await gateway.replaceSubgraphs([after]);
    expect(await post(gateway.url, '{ hello }')).toEqual({ hello: 'hello' });
    expect(await post(gateway.url, '{ added }')).toBe('401 UNAUTHENTICATED');
    expect(await post(gateway.url, 'mutation { drop }')).toBe('401 UNAUTHENTICATED');
    expect(await countUnknown()).toBe('1');
    expect(gateway.log().find(({ coordinates }) => coordinates)).toMatchObject({
      coordinates: ['Query.secret'],
      msg: 'the policy names what the supergraph does not have',
    });

    await gateway.replaceSubgraphs([before]);
    expect(await post(gateway.url, '{ secret }')).toBe('401 UNAUTHENTICATED');
    expect(await countUnknown()).toBe('0');
  } finally {
    await Promise.all([gateway, before, after].map((one) => one.close()));
  }
});
