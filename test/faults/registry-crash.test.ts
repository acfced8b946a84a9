import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { readHead } from '../../registry/publish/prepare-change.ts';
import type { ChangeServices } from '../../registry/publish/services.ts';
import { type DatabaseServer, openDatabase } from '../../subgraphs/shared/database.ts';
import { createPostgresDatabase } from '../support/postgres-database.ts';
import { startProgram } from '../support/run-program.ts';
import { describeWith } from '../support/services.ts';

vi.setConfig({ testTimeout: 400_000 });

const before = 'type Query { one: Int }';
const after = 'type Query { one: Int two: Int }';

/** Statements of a publish: texts, publish, version, log, word to gateways; with Postgres the commit is one as well. */
const steps = [1, 2, 3, 4, 5];

interface Place {
  readonly env: NodeJS.ProcessEnv;
  open(): Promise<DatabaseServer>;
}

async function publish(
  place: Place,
  sdl: string,
  killAt: number,
): Promise<{ status?: number; statements?: number }> {
  const { ended } = startProgram(['test/registry/publish-and-die.ts'], {
    ...place.env,
    ...{ SDL: sdl, KILL_AT: String(killAt) },
  });
  const { stdout, stderr, exitCode } = await ended;
  if (exitCode !== null && !stdout) throw new Error(stderr);
  return stdout ? JSON.parse(stdout) : {};
}

/** What is there: the version in force and its schema, and how many rows each table has. */
async function look(place: Place) {
  const database = await place.open();
  try {
    const handle = database.connect();
    const head = await readHead({ database: handle } as ChangeServices, 'dev');
    const counts = await handle.execute(
      `select (select count(*) from registry.subgraph_publish)::int publishes,
              (select count(*) from registry.supergraph_version)::int versions,
              (select count(*) from registry.schema_version)::int texts,
              (select count(*) from registry.audit)::int entries`,
    );
    const { rows } = counts as unknown as { rows: readonly Record<string, number>[] };
    return { sequence: head.sequence, sdl: head.subgraphs[0]?.sdl, ...rows[0] };
  } finally {
    await database.close();
  }
}

async function killAtEachStep(place: Place, steps: readonly number[]): Promise<void> {
  const first = await publish(place, before, 0);
  expect(first).toMatchObject({ status: 200, ok: true });
  const old = await look(place);
  expect(old).toEqual({ sequence: 1, sdl: before, publishes: 1, versions: 1, texts: 2, entries: 1 });
  for (const step of steps) {
    expect(await publish(place, after, step)).toEqual({});
    expect([step, await look(place)]).toEqual([step, old]);
  }
  const whole = await publish(place, after, 0);
  expect(whole).toMatchObject({ status: 200 });
  expect(await look(place)).toEqual({
    sequence: 2,
    sdl: after,
    publishes: 2,
    versions: 2,
    texts: 4,
    entries: 2,
  });
}

describe('B-36 kill -9 at every step of a publish', () => {
  test('B-36 leaves the old version whole in the embedded database', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'minigate-crash-'));
    const dataDir = join(folder, 'postgres');
    await killAtEachStep(
      {
        env: { DATA_DIR: dataDir, KEY_FILE: join(folder, 'key.pem') },
        open: () => openDatabase({ dataDir }),
      },
      steps,
    );
  });
});

describeWith('postgres', 'B-36 kill -9 at every step of a publish to Postgres', (serverUrl) => {
  test('B-36 leaves the old version whole', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'minigate-crash-'));
    const { url, drop } = await createPostgresDatabase(serverUrl);
    try {
      await killAtEachStep(
        {
          env: { DATABASE_URL: url, KEY_FILE: join(folder, 'key.pem') },
          open: () => openDatabase({ url }),
        },
        [...steps, 6],
      );
    } finally {
      await drop();
    }
  });
});
