/** `npm run bench`: measures the gateway beside others on the same subgraphs. `--help` lists the options. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toAdmissionTable } from './admission-report.ts';
import { type Candidate, createCandidates, minigate, unlimitedMinigate } from './candidates/candidates.ts';
import { compare } from './compare.ts';
import { describeRun, toHeading } from './describe-run.ts';
import { bombGoals, toBombTables } from './fragment-bomb-report.ts';
import { largeGoals, toLargeTables } from './large-report.ts';
import { goals, hiveGateway, toRows, toTables } from './load-report.ts';
import { measureAdmission } from './measure-admission.ts';
import { measureBombs } from './measure-bombs.ts';
import { measureGrowth } from './measure-growth.ts';
import { measureHostile } from './measure-hostile.ts';
import { measureLargeChecks } from './measure-large-checks.ts';
import { measurePublishes } from './measure-publishes.ts';
import { measureStages } from './measure-stages.ts';
import { measureSwaps } from './measure-swaps.ts';
import { type MemoryRow, memoryGoals, toMemoryTables } from './memory-report.ts';
import { type Measured, type Options, parseOptions, usage } from './options.ts';
import { publishGoals, toPublishTables } from './publish-report.ts';
import { loadCore } from './run-candidate.ts';
import { toStageTable } from './stage-report.ts';
import { goFirst, pinSelf, startProgram } from './start-program.ts';
import { swapGoals, toSwapTables } from './swap-report.ts';
import { subgraphsOrigin } from './workload.ts';

/** The same in both forms. */
interface Report {
  readonly tables: string;
  readonly json: object;
}

const benches: Readonly<
  Record<Measured, (candidates: readonly Candidate[], options: Options) => Promise<Report>>
> = {
  load: benchLoad,
  memory: benchMemory,
  swap: benchSwaps,
  publish: benchPublishes,
  large: benchLarge,
  'fragment-bomb': benchBombs,
};

const args = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'minigate-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

try {
  const options = parseOptions(args);
  process.stdout.write(options.help ? usage : `${await bench(options)}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}

async function bench(options: Options): Promise<string> {
  const candidates = createCandidates(folder, process.env.HIVE_GATEWAY_BIN);
  const run = describeRun(args, options.measured, new Date());
  // A check may use what the machine has.
  if (options.measured !== 'large') pinSelf(loadCore);
  const subgraphs = await startSubgraphs();
  try {
    const { tables, json } = await benches[options.measured](candidates, options);
    return options.json ? JSON.stringify({ ...run, ...json }, null, 2) : `${toHeading(run)}\n\n${tables}`;
  } finally {
    await subgraphs.close();
  }
}

async function benchLoad(candidates: readonly Candidate[], options: Options): Promise<Report> {
  const { quick, only, operations, rounds } = options;
  const times = { warmUpMs: quick ? 2_000 : 8_000, measureMs: quick ? 3_000 : 10_000 };
  const measured = await compare(
    choose(candidates, 'unchanged-apollo'),
    only?.map((name) => choose(candidates, name)) ?? candidates,
    { ...times, operations, rounds, onProgress },
  );
  const rows = toRows(measured);
  if (!operations.includes('light'))
    return { tables: toTables(rows), json: { ...times, rounds, goals, hiveGateway, rows } };
  onProgress('the stages by themselves');
  const stages = await measureStages();
  const admission = await measureAdmission(process.env.REDIS_URL);
  return {
    tables: `${toTables(rows)}\n\n${toStageTable(stages)}\n\n${toAdmissionTable(admission)}`,
    json: { ...times, rounds, goals, hiveGateway, rows, stages, admission },
  };
}

async function benchMemory(candidates: readonly Candidate[], options: Options): Promise<Report> {
  const { quick, only = ['minigate'] } = options;
  const rows: MemoryRow[] = [];
  for (const candidate of only.map((name) => choose(candidates, name))) {
    rows.push({
      candidate: candidate.name,
      growth: await measureGrowth(candidate, quick ? 25_000 : 500_000, onProgress),
      hostile: await measureHostile(candidate, folder),
    });
  }
  return { tables: toMemoryTables(rows), json: { goals: memoryGoals, rows } };
}

async function benchSwaps(_: readonly Candidate[], { quick }: Options): Promise<Report> {
  const outcome = await measureSwaps(quick ? 50 : 1_000, folder, onProgress);
  return { tables: toSwapTables(outcome), json: { goals: swapGoals, ...outcome } };
}

async function benchPublishes(_: readonly Candidate[], { quick }: Options): Promise<Report> {
  const size = quick ? { changes: 50, quietMs: 10_000 } : { changes: 1_000, quietMs: 60_000 };
  goFirst();
  const outcome = await measurePublishes({ ...size, everyMs: 2_000, seed: 1 }, folder, onProgress);
  return { tables: toPublishTables(outcome), json: { goals: publishGoals, ...outcome } };
}

async function benchLarge(_: readonly Candidate[], { quick }: Options): Promise<Report> {
  const size = quick
    ? { subgraphs: 10, types: 200, operations: 200 }
    : { subgraphs: 50, types: 2_000, operations: 2_000 };
  const outcome = await measureLargeChecks(size, onProgress);
  return { tables: toLargeTables(outcome), json: { goals: largeGoals, ...outcome } };
}

/** Once with the limit on selections, which refuses them all, and once with nothing but the planner's time limit. */
async function benchBombs(_: readonly Candidate[], { quick }: Options): Promise<Report> {
  const times = { warmUpMs: quick ? 2_000 : 5_000, measureMs: quick ? 6_000 : 30_000 };
  const outcomes = [];
  for (const candidate of [minigate, unlimitedMinigate]) {
    onProgress(`${candidate.name}: fragment bombs`);
    outcomes.push(await measureBombs(candidate, times, folder));
  }
  return { tables: toBombTables(outcomes), json: { ...times, goals: bombGoals, outcomes } };
}

function startSubgraphs() {
  const port = Number(new URL(subgraphsOrigin).port);
  return startProgram({
    command: [process.execPath, fileURLToPath(new URL('subgraphs.ts', import.meta.url)), '--port', `${port}`],
    env: { NODE_ENV: 'production' },
    port,
    core: loadCore,
  });
}

function choose(candidates: readonly Candidate[], name: string): Candidate {
  const candidate = candidates.find((other) => other.name === name);
  if (candidate) return candidate;
  throw new RangeError(`--only knows ${candidates.map((other) => other.name).join(', ')}, not ${name}.`);
}

function onProgress(what: string): void {
  process.stderr.write(`${what}\n`);
}
