/**
 * The long fuzz: `npm run fuzz -- --seed 1 --count 10000 --engine minigate`. With `--faults 0.05` that part of all
 * fields is broken; with `--hostile` subgraphs answer nonsense.
 */
import { type EngineName, engines } from '../../support/federation.ts';
import { readFuzzFlags } from '../../support/fuzz-flags.ts';
import { fuzzHostile, type HostileProblem } from '../hostile/hostile-fuzz.ts';
import { type FuzzDifference, fuzz } from './fuzz.ts';

const flags = readFuzzFlags('fuzz', {
  ...{ seed: 1, count: 1_000, engine: 'minigate', faults: 0, hostile: false },
});
const engine = parseEngine(flags.engine);

/** A world serves this many operations; then a new one starts, with other faults. */
const operationsPerWorld = 1_000;
const write = (text: string): void => void process.stdout.write(`${text}\n`);

let remaining = flags.count;
for (let seed = flags.seed; remaining > 0; seed++) {
  const count = Math.min(remaining, operationsPerWorld);
  const finding = flags.hostile ? await askHostile(seed, count) : await ask(seed, count);
  if (finding !== undefined) {
    write(finding);
    process.exitCode = 1;
    break;
  }
  remaining -= count;
}

function parseEngine(name: string): EngineName {
  const known = engines.find((engine) => engine === name);
  if (!known) throw new Error(`--engine is one of ${engines.join(', ')}.`);
  return known;
}

async function ask(seed: number, count: number): Promise<string | undefined> {
  const { difference, ...counts } = await fuzz({ engine, seed, count, faultDensity: flags.faults });
  write(`seed ${seed}: ${JSON.stringify(counts)}`);
  return difference && describe(difference);
}

async function askHostile(seed: number, count: number): Promise<string | undefined> {
  const { problem, ...counts } = await fuzzHostile({ engine, seed, count });
  write(`seed ${seed}: ${JSON.stringify(counts)}`);
  return problem && describeProblem(problem);
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

function describeProblem({
  seed,
  position,
  reason,
  source,
  variables,
  bodies,
  text,
}: HostileProblem): string {
  return [
    `Unsound: ${reason} (seed ${seed}, operation ${position})`,
    source,
    `variables ${JSON.stringify(variables)}`,
    ...bodies.map((body) => `subgraph  ${shortened(body)}`),
    `answered  ${shortened(text)}`,
  ].join('\n\n');
}

function shortened(text: string): string {
  return text.length > 2_000 ? `${text.slice(0, 2_000)}… (${text.length} characters)` : text;
}
