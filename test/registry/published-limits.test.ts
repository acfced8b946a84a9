import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPublicKeys } from '../../registry/bundle/bundle-keys.ts';
import { openBundle } from '../../registry/bundle/open-bundle.ts';
import { people, type RegistryWorld, startRegistryWorld } from './registry-world.ts';

let folder: string;
let world: RegistryWorld;
let owner: string;
let gateway: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'minigate-published-'));
  const file = (name: string) => ({ file: join(folder, name) });
  await write('access.yaml', 'roles: { USER: { level: 1 } }');
  world = await startRegistryWorld({
    access: file('access.yaml'),
    ...{ limits: file('limits.yaml'), bans: file('bans.yaml') },
  });
  owner = await world.token('owner', ['people']);
  gateway = await world.token('gateway', []);
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

const write = (name: string, text: string) => writeFile(join(folder, name), text);
let published = 0;
const publish = () => {
  published += 1;
  return world.publish(owner, 'people', people, { routingUrl: `http://people-${published}.test/graphql` });
};

test('what the files of limits and bans say goes out with the next version, and again when an owner asks for the same', async () => {
  await write('limits.yaml', 'maxCost: 500\nmaxCostByRole: { USER: 800 }');
  await write('bans.yaml', '- { address: 203.0.113.0/24, reason: scraping }');
  expect((await publish()).body).toMatchObject({ ok: true });
  const fetchBundle = async () => {
    const response = await fetch(`${world.url}/v1/environments/dev/bundle`, {
      headers: { authorization: `Bearer ${gateway}` },
    });
    const { sequence, limits, bans } = await openBundle(
      Buffer.from(await response.arrayBuffer()),
      readPublicKeys([world.publicKey]),
    );
    return { sequence, limits, bans };
  };
  const limits = { maxCost: 500, maxCostByRole: { USER: 800 } };
  const scraper = { address: '203.0.113.0/24', reason: 'scraping' };
  expect(await fetchBundle()).toEqual({ sequence: 1, limits, bans: [scraper] });

  await write('bans.yaml', '- { userId: u-7 }');
  const again = await world.call(owner, 'POST', '/v1/environments/dev/supergraph/rollback', { to: 1 });
  expect(again.body).toMatchObject({ ok: true, data: { sequence: 2 } });
  expect(await fetchBundle()).toEqual({ sequence: 2, limits, bans: [{ userId: 'u-7' }] });
});

test.each([
  ['limits.yaml', 'maxPrice: 5', 'Unrecognized key: "maxPrice"'],
  ['limits.yaml', 'maxDepth: none', 'maxDepth: Invalid input: expected number, received string'],
  ['limits.yaml', 'maxCostByRole: { MANAGER: 5 }', 'the policy has no role MANAGER; it has GUEST, USER'],
  ['bans.yaml', '- { address: 203.0.113.0/33 }', '0.address: is neither an address nor a range'],
  ['bans.yaml', 'maxCost: 5', 'bans: Invalid input: expected array, received object'],
  ['bans.yaml', '[', 'cannot be read'],
])('with %s that says %s nothing is published, and the answer says why', async (name, text, message) => {
  await write('limits.yaml', '{}');
  await write('bans.yaml', '[]');
  await write(name, text);
  const { status, body } = await publish();
  expect({ status, code: body.error.code }).toEqual({ status: 422, code: 'POLICY_INVALID' });
  expect(body.error.message).toContain(message);
});
