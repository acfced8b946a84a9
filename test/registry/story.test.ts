import { expect, onTestFinished, test } from 'vitest';
import { describeWith } from '../support/services.ts';
import {
  miniProgram,
  notesGraph,
  peopleGraph,
  peopleWithoutEmail,
  released,
  toManifest,
  versions,
} from './story-graph.ts';
import { startStoryWorld } from './story-world.ts';

const patient = { timeout: 40_000, interval: 300 };

describeWith('postgres', 'a release, from its first day to its last', (server) => {
  test('what breaks a version in use waits until nobody uses it, and comes back by one command; no request of 300 a second is lost', async () => {
    const world = await startStoryWorld(server, 10);
    onTestFinished(world.close);
    const { minigate, ask } = world;
    const [peopleTeam, notesTeam, app] = await Promise.all([
      world.token('owner', 'people'),
      world.token('publisher', 'notes'),
      world.token('client', miniProgram),
    ]);
    const publish = (token: string, name: 'people' | 'notes', sdl: string) =>
      minigate(
        token,
        ['subgraph', 'publish', name, '--schema', '-', '--routing-url', world.addresses[name]],
        sdl,
      );
    const inUse = async (): Promise<string[]> => {
      const { text } = await minigate(app, ['operations', 'list', '--json']);
      const list: { version: string; inUse: boolean; requests: number }[] = JSON.parse(text).data.versions;
      return list.filter((one) => one.inUse && one.requests > 0).map(({ version }) => version);
    };

    // Two teams publish; a mini-program has been released three times, and all three versions are in use.
    expect((await publish(peopleTeam, 'people', peopleGraph.sdl)).code).toBe(0);
    expect((await publish(notesTeam, 'notes', notesGraph.sdl)).code).toBe(0);
    for (const version of versions) {
      const args = ['operations', 'publish', '-', '--client', miniProgram, '--client-version', version];
      expect((await minigate(app, args, toManifest(version))).code).toBe(0);
    }
    await world.startGateway(await world.token('gateway', '*'));
    expect(await ask('1.0.0')).toEqual(released['1.0.0'].data);
    const phones = world.startPhones();
    await expect.poll(inUse, patient).toEqual(versions);

    // A change that the oldest version would not survive is refused, and says so.
    const refused = await publish(peopleTeam, 'people', peopleWithoutEmail);
    expect(refused).toEqual({ code: 1, text: expect.stringContaining(`Mail of ${miniProgram} 1.0.0: `) });
    expect(refused.text).not.toMatch(/1\.1\.0|1\.2\.0/);
    const asked = await minigate(peopleTeam, ['usage', 'Person.email']);
    expect(asked.text).toMatch(/^Still in use: \d+ requests for Person.email/);

    // The last phone with it is updated; when it has not been seen for long enough, the same change passes.
    phones.use(['1.1.0', '1.2.0']);
    await expect.poll(inUse, patient).toEqual(['1.1.0', '1.2.0']);
    expect((await minigate(peopleTeam, ['usage', 'Person.email'])).text).toMatch(/^Safe to remove/);
    const passed = await publish(peopleTeam, 'people', peopleWithoutEmail);
    expect(passed).toEqual({
      code: 0,
      text: expect.stringContaining('Published people to release as version 6.'),
    });

    // Somebody still had the old version after all. One command, and it is served again.
    await expect.poll(() => ask('1.0.0'), patient).toBe('GRAPHQL_VALIDATION_FAILED');
    const back = await minigate(peopleTeam, ['supergraph', 'rollback']);
    expect(back).toEqual({
      code: 0,
      text: expect.stringContaining('release is back at version 5, as version 7.'),
    });
    await expect.poll(() => ask('1.0.0'), patient).toEqual(released['1.0.0'].data);

    // All this time the phones have noticed nothing.
    const { failed, firstFailure, perSecond } = await phones.stop();
    expect({ failed, firstFailure }).toEqual({ failed: 0, firstFailure: undefined });
    expect(Math.round(perSecond)).toBeGreaterThanOrEqual(299);
  }, 120_000);
});
