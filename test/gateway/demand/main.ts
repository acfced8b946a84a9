/** The long comparison of costs: `npm run fuzz:cost -- --seed 1 --count 100000`. */
import { readFuzzFlags } from '../../support/fuzz-flags.ts';
import { compareCosts } from './compare-costs.ts';

const flags = readFuzzFlags('fuzz:cost', { seed: 1, count: 100_000 });
const perRound = 10_000;
const { count } = flags;
for (let done = 0; done < count; done += perRound) {
  const seed = flags.seed + done / perRound;
  const { difference, ...totals } = compareCosts(seed, Math.min(perRound, count - done));
  process.stdout.write(`seed ${seed}: ${JSON.stringify(totals)}\n`);
  if (!difference) continue;
  process.stdout.write(`${JSON.stringify(difference, null, 2)}\n`);
  process.exitCode = 1;
  break;
}
