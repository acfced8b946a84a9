/** Attempts to learn from how long a refusal takes which document ids are registered. */
import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { documentIdOf } from '../../gateway/persisted/safelist.ts';
import { type AttackWorld, startAttackWorld } from '../support/attack-world.ts';
import { writeManifest } from '../support/manifest-file.ts';

const ofTill = { Till: 'query Till { docs { title } }' };
let world: AttackWorld;
beforeAll(async () => {
  const manifests = [writeManifest(ofTill, { clientName: 'till' })];
  world = await startAttackWorld({ dev: false, config: { manifests } });
});
afterAll(() => world?.close());

test('L-08 an id that another client has registered is refused as soon as one that nobody has', async () => {
  const ids = { known: documentIdOf(ofTill.Till), unknown: documentIdOf('query Nothing { docs { title } }') };
  const times = { known: [] as number[], unknown: [] as number[] };
  for (let round = 0; round < 1_000; round += 1) {
    // By chance: taken by turns, garbage would be collected in the time of the same one again and again.
    const which = randomInt(2) === 0 ? 'known' : 'unknown';
    const startedAt = performance.now();
    const { status } = await world.ask({ body: { documentId: ids[which] } });
    if (round >= 100) times[which].push(performance.now() - startedAt);
    expect(status).toBe(which === 'known' ? 403 : 404);
  }
  const undisturbed = (all: readonly number[]): number => all.toSorted((a, b) => a - b)[all.length >> 2] ?? 0;
  const [known, unknown] = [undisturbed(times.known), undisturbed(times.unknown)];
  expect(Math.abs(known - unknown) / Math.max(known, unknown)).toBeLessThan(0.25);
});
