/** The long fuzz: `npm run fuzz -- --seed 1 --count 10000 --engine minigate --faults 0.05`. */
import { parseArgs } from 'node:util';
import { engines } from '../../support/federation.ts';
import { type FuzzDifference, fuzz } from './fuzz.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '1000' },
    engine: { type: 'string', default: 'minigate' },
    faults: { type: 'string', default: '0' },
  },
});
const engine = engines.find((name) => name === values.engine);
if (!engine) throw new Error(`--engine is one of ${engines.join(', ')}.`);

/** A world serves this many operations; then a new one starts, with other faults. */
const operationsPerWorld = 1_000;
const write = (text: string): void => void process.stdout.write(`${text}\n`);

const totals = { compared: 0, refused: 0, withErrors: 0 };
let remaining = Number(values.count);
for (let seed = Number(values.seed); remaining > 0; seed++) {
  const count = Math.min(remaining, operationsPerWorld);
  const report = await fuzz({ engine, seed, count, faultDensity: Number(values.faults) });
  totals.compared += report.compared;
  totals.refused += report.refused;
  totals.withErrors += report.withErrors;
  write(`seed ${seed}: ${JSON.stringify(totals)}`);
  if (report.difference) {
    write(describe(report.difference));
    process.exitCode = 1;
    break;
  }
  remaining -= count;
}

function describe({ seed, position, reason, source, variables, answer, expected }: FuzzDifference): string {
  return [
    `Different in ${reason} (seed ${seed}, operation ${position})`,
    source,
    `variables ${JSON.stringify(variables)}`,
    `expected  ${JSON.stringify(expected)}`,
    `answered  ${answer.text}`,
  ].join('\n\n');
}
