/** `npm run cases`: runs every test that names a case, then prints what became of every case in `test/cases.md`. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isClean, parseCases, parseTestRun, toCaseReport, toText } from './case-report.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { values: flags } = parseArgs({ options: { json: { type: 'boolean', default: false } } });

const groups = parseCases(await readFile(join(root, 'test/cases.md'), 'utf8'));
const folder = await mkdtemp(join(tmpdir(), 'minigate-cases-'));
try {
  const reportFile = join(folder, 'report.json');
  const exitCode = await runTests(reportFile);
  const report = toCaseReport(groups, parseTestRun(await readFile(reportFile, 'utf8')));
  process.stdout.write(flags.json ? `${JSON.stringify(report, null, 2)}\n` : `\n${toText(report)}`);
  // Vitest also fails on what belongs to no test, such as an unhandled rejection.
  process.exitCode = isClean(report) ? exitCode : 1;
} finally {
  await rm(folder, { recursive: true });
}

/** Gives Vitest's exit code; its progress goes to stderr, so that stdout holds the report alone. */
function runTests(reportFile: string): Promise<number> {
  const vitest = spawn(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      // Most stand in test/attacks and test/faults; some are closer to one part.
      ...['run', '--testNamePattern', String.raw`\b[A-Z]-\d\d\b`, '--passWithNoTests'],
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`],
    ],
    { cwd: root, stdio: ['ignore', process.stderr, process.stderr] },
  );
  return new Promise((resolve, reject) => {
    vitest.once('error', reject);
    vitest.once('close', (code) => resolve(code ?? 1));
  });
}
