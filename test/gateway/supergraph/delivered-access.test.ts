import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { documentIdOf } from '../../../gateway/persisted/safelist.ts';
import { startDeliveredGateway } from '../../support/delivered-gateway.ts';
import { greetingGraph, hello, toGreetings } from '../../support/greeting-graph.ts';
import { startStandInRegistry } from '../../support/stand-in-registry.ts';
import { startTestSubgraph } from '../../support/test-subgraph.ts';

const key = `mgk_${'k'.repeat(43)}`;

test('roles and permissions of a bundle are in force with it, for whoever asks', async () => {
  const subgraph = await startTestSubgraph(greetingGraph);
  const registry = await startStandInRegistry();
  const greetings = toGreetings(subgraph.url, ['hello']);
  await registry.publish(greetings);
  const gateway = await startDeliveredGateway(registry, {
    config: {
      apiKeys: [
        {
          name: 'clerk',
          hash: `sha256:${hash('sha256', key)}`,
          roles: ['CLERK'],
          expiresAt: '2099-01-01T00:00:00Z',
        },
      ],
    },
  });
  const askAs = async (authorization?: string): Promise<unknown> => {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
      body: JSON.stringify({ documentId: documentIdOf(hello) }),
    });
    const { data, errors } = (await response.json()) as {
      data?: unknown;
      errors?: { extensions: { code: string } }[];
    };
    return errors?.[0]?.extensions.code ?? data;
  };
  const both = async () => ({ guest: await askAs(), clerk: await askAs(`Bearer ${key}`) });
  const open = { hello: 'hello' };
  expect(await both()).toEqual({ guest: open, clerk: open });

  const permissions = { greet: ['Query.hello'] };
  const publish = (granted: string[]) =>
    registry.publish({
      ...greetings,
      access: {
        permissions,
        roles: {
          CLERK: { level: 1, permissions: granted },
          CHIEF: { level: 2, permissions: ['greet'] },
        },
      },
    });
  await publish(['greet']);
  await expect.poll(both, { timeout: 10_000 }).toEqual({ guest: 'UNAUTHENTICATED', clerk: open });
  await publish([]);
  await expect.poll(both, { timeout: 10_000 }).toEqual({ guest: 'UNAUTHENTICATED', clerk: 'FORBIDDEN' });
  await registry.publish(greetings);
  await expect.poll(both, { timeout: 10_000 }).toEqual({ guest: open, clerk: open });

  await registry.publish({ ...greetings, access: { permissions, roles: {} } });
  await expect
    .poll(async () => (await gateway.inspect()).source.trouble?.message, { timeout: 10_000 })
    .toContain('The policy names the permission greet');
  expect(await both()).toEqual({ guest: open, clerk: open });
  await gateway.close();
  await Promise.all([registry.close(), subgraph.close()]);
});
