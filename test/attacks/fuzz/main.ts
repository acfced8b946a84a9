/** The long fuzz of attacks: `npm run fuzz:attacks -- --seed 1 --count 10000`. */
import { startAttackWorld } from '../../support/attack-world.ts';
import { readFuzzFlags } from '../../support/fuzz-flags.ts';
import { fuzzRequests } from './fuzz-requests.ts';

const flags = readFuzzFlags('fuzz:attacks', { seed: 1, count: 2_000, 'max-hold-ms': 20 });

const world = await startAttackWorld({ dev: true });
await fuzzRequests(world, { seed: 0, count: 150, maxHoldMs: Number.POSITIVE_INFINITY });
const { findings, statuses, longestHoldMs } = await fuzzRequests(world, {
  seed: flags.seed,
  count: flags.count,
  maxHoldMs: flags['max-hold-ms'],
});
for (const { shape, position, holdMs, status, request } of findings)
  process.stdout.write(
    `${position} ${shape}: status ${status}, ${Math.round(holdMs)} ms, ${request.body.length} characters\n  ${request.body.slice(0, 200)}\n`,
  );
process.stdout.write(`${JSON.stringify({ statuses, longestHoldMs, findings: findings.length })}\n`);
if (findings.length > 0) process.exitCode = 1;
await world.close();
