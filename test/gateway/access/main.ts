/** The long comparison of decisions: `npm run fuzz:access -- --seed 1 --count 100000`. */
import { readFuzzFlags } from '../../support/fuzz-flags.ts';
import { compareAccess } from './compare-access.ts';

const flags = readFuzzFlags('fuzz:access', { seed: 1, count: 100_000 });
const perRound = 10_000;
const { count } = flags;
for (let done = 0; done < count; done += perRound) {
  const seed = flags.seed + done / perRound;
  const { difference, ...totals } = await compareAccess(seed, Math.min(perRound, count - done));
  process.stdout.write(`seed ${seed}: ${JSON.stringify(totals)}\n`);
  if (!difference) continue;
  const { world, ...rest } = difference;
  process.stdout.write(`${JSON.stringify(rest, null, 2)}\n${rest.source}\n${world.supergraphSdl}\n`);
  const { tree, permissions, roles } = world;
  process.stdout.write(`${JSON.stringify({ tree, permissions, roles })}\n`);
  process.exitCode = 1;
  break;
}
