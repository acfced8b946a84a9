/** The long fuzz of attacks: `npm run fuzz:attacks -- --seed 1 --count 10000`. */
import { parseArgs } from 'node:util';
import { startAttackWorld } from '../../support/attack-world.ts';
import { fuzzRequests } from './fuzz-requests.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '2000' },
    'max-hold-ms': { type: 'string', default: '20' },
  },
});

const world = await startAttackWorld({ dev: true });
await fuzzRequests(world, { seed: 0, count: 150, maxHoldMs: Number.POSITIVE_INFINITY });
const { findings, statuses, longestHoldMs } = await fuzzRequests(world, {
  seed: Number(values.seed),
  count: Number(values.count),
  maxHoldMs: Number(values['max-hold-ms']),
});
for (const { shape, position, holdMs, status, request } of findings)
  process.stdout.write(
    `${position} ${shape}: status ${status}, ${Math.round(holdMs)} ms, ${request.body.length} characters\n  ${request.body.slice(0, 200)}\n`,
  );
process.stdout.write(`${JSON.stringify({ statuses, longestHoldMs, findings: findings.length })}\n`);
if (findings.length > 0) process.exitCode = 1;
await world.close();
