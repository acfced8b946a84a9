import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { measurePublishes } from '../../bench/measure-publishes.ts';

test('no request of 300 a second is lost, and no answer wrong, while 8 changes are published and taken back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'minigate-publishes-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const size = { changes: 8, everyMs: 0, quietMs: 100, seed: 7 };
  const { publishes, rollbacks, busy } = await measurePublishes(size, folder, () => {});
  expect({ failed: busy.failed, firstFailure: busy.firstFailure }).toEqual({
    failed: 0,
    firstFailure: undefined,
  });
  expect([publishes > 0, rollbacks > 0, publishes + rollbacks]).toEqual([true, true, 8]);
}, 240_000);
