/** Publishes the schemas of the shop as they stand in the repository, and the operations of the demo mini-program. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { followFiles } from '../../registry/publish/follow-files.ts';
import type { ChangeServices } from '../../registry/publish/services.ts';
import { manifestSchema } from '../../registry/store/manifests.ts';

export const shopEnvironment = 'dev';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const read = (...path: string[]): Promise<string> => readFile(join(repository, ...path), 'utf8');

/** @param urls where each subgraph answers, by its name */
export async function publishShop(
  services: ChangeServices,
  urls: Readonly<Record<string, string>>,
): Promise<void> {
  const subgraphs = await Promise.all(
    Object.entries(urls).map(async ([name, routingUrl]) => ({
      ...{ name, routingUrl },
      sdl: await read('subgraphs', name, 'schema.graphql'),
    })),
  );
  const manifest = manifestSchema.parse(JSON.parse(await read('client/demo/generated/manifest.json')));
  await followFiles(services, {
    ...{ environment: shopEnvironment, subgraphs },
    client: { client: 'minigate-demo', version: '0.1.0', entries: manifest.operations },
    origin: { actor: 'npm start', tokenId: 'start', address: 'local' },
  });
}
