import { expect, test, vi } from 'vitest';
import type { SecurityEvent } from '../../gateway/abuse/security-event.ts';
import { startBanReport } from '../../gateway/ban-report.ts';
import { RegistryError } from '../../gateway/supergraph/registry-client.ts';
import { createLog } from '../../gateway/telemetry/log.ts';

const log = createLog('silent', { write: () => {} });
const rules = [
  { rule: 'cost', points: 20 },
  { rule: 'logins', points: 90 },
];
const banned = (who: { userId?: string; address?: string }, by: 'rules' | 'operator' = 'rules') =>
  ({ event: 'BAN_SET', by, reason: 'r', rules, ...who }) as SecurityEvent;

function startWorld() {
  const sent: unknown[] = [];
  const world = { isAway: true, nowMs: 0, attempts: 0, sent };
  const registry = {
    async sendBans(bans: readonly unknown[]) {
      world.attempts += 1;
      if (world.isAway) throw new RegistryError('REGISTRY_AWAY', 'away');
      sent.push(...bans);
    },
  };
  const report = startBanReport(registry, { intervalMs: 1, now: () => world.nowMs, log });
  return { world, report };
}

test('bans by rules are counted by whom they are for and why, and kept while the registry is away', async () => {
  const { world, report } = startWorld();
  for (const event of [banned({ userId: 'u1' }), banned({ address: '192.0.2.1' }), banned({ userId: 'u2' })])
    report?.count(event);
  report?.count(banned({ userId: 'u3' }, 'operator'));
  report?.count({ event: 'BAN_LIFTED', userId: 'u1' });
  await vi.waitFor(() => expect(world.attempts).toBeGreaterThan(1));
  world.isAway = false;
  await vi.waitFor(() => expect(world.sent).toHaveLength(2));
  expect(world.sent).toEqual([
    { subject: 'user', rule: 'logins', count: 2 },
    { subject: 'address', rule: 'logins', count: 1 },
  ]);
  await report?.close();
});

test('bans that could not be told for five minutes are no news', async () => {
  const { world, report } = startWorld();
  report?.count(banned({ userId: 'u1' }));
  await vi.waitFor(() => expect(world.attempts).toBeGreaterThan(0));
  world.nowMs = 5 * 60_000 + 1;
  world.isAway = false;
  report?.count(banned({ address: '192.0.2.1' }));
  await vi.waitFor(() => expect(world.sent).toHaveLength(1));
  expect(world.sent).toEqual([{ subject: 'address', rule: 'logins', count: 1 }]);
  await report?.close();
});
