import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { documentIdOf } from '../../gateway/persisted/safelist.ts';
import { startDeliveredGateway } from '../support/delivered-gateway.ts';
import { greetingGraph, hello, toGreetings } from '../support/greeting-graph.ts';
import { post } from '../support/person-graph.ts';
import { startStandInRegistry } from '../support/stand-in-registry.ts';
import { startTestSubgraph } from '../support/test-subgraph.ts';

const release = { name: 'release', envVersions: ['release'], default: true };
const dev = { name: 'dev', envVersions: ['develop'] };

test('an environment that has nothing yet is refused by 503 and served as soon as it has; each has a copy on disk', async () => {
  const subgraph = await startTestSubgraph(greetingGraph);
  const registry = await startStandInRegistry();
  const folder = await mkdtemp(join(tmpdir(), 'minigate-copies-'));
  const greetings = toGreetings(subgraph.url, ['hello']);
  await registry.publish(greetings);
  const options = { copyFile: join(folder, 'bundle'), config: { environments: [release, dev] } };
  let gateway = await startDeliveredGateway(registry, options);
  const ask = (value: string) =>
    post(`${gateway.url}/graphql`, { documentId: documentIdOf(hello) }, { 'minigate-env': value });
  const answer = { data: { hello: 'hello' } };
  expect([await ask('release'), await ask('develop')]).toEqual([answer, 'ENVIRONMENT_UNAVAILABLE']);
  await registry.of('dev').publish(greetings);
  await expect.poll(() => ask('develop'), { timeout: 5_000 }).toEqual(answer);
  expect((await readdir(folder)).sort()).toEqual(['bundle-dev', 'bundle-release']);

  await gateway.close();
  await registry.stop();
  gateway = await startDeliveredGateway(registry, options);
  expect([await ask('release'), await ask('develop')]).toEqual([answer, answer]);
  await gateway.close();
  await Promise.all([subgraph.close(), rm(folder, { recursive: true })]);
});

test('a gateway whose default environment has nothing to serve does not start', async () => {
  const subgraph = await startTestSubgraph(greetingGraph);
  const registry = await startStandInRegistry();
  await registry.of('dev').publish(toGreetings(subgraph.url, ['hello']));
  const starting = startDeliveredGateway(registry, { config: { environments: [release, dev] } });
  await expect(starting).rejects.toThrow('Nothing can be served');
  await Promise.all([registry.close(), subgraph.close()]);
});
