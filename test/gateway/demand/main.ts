/** The long comparison of costs: `npm run fuzz:cost -- --seed 1 --count 100000`. */
import { parseArgs } from 'node:util';
import { compareCosts } from './compare-costs.ts';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, count: { type: 'string', default: '100000' } },
});
const perRound = 10_000;
const count = Number(values.count);
for (let done = 0; done < count; done += perRound) {
  const seed = Number(values.seed) + done / perRound;
  const { difference, ...totals } = compareCosts(seed, Math.min(perRound, count - done));
  process.stdout.write(`seed ${seed}: ${JSON.stringify(totals)}\n`);
  if (!difference) continue;
  process.stdout.write(`${JSON.stringify(difference, null, 2)}\n`);
  process.exitCode = 1;
  break;
}
