/** Joins the list of cases with the tests that ran: which ids passed, failed, or have no test. */
import { z } from 'zod';

export interface Case {
  readonly id: string;
  readonly title: string;
  readonly expected: string;
}

export interface CaseGroup {
  readonly letter: string;
  readonly title: string;
  readonly cases: readonly Case[];
}

/** A test that only got skipped proves nothing, so its case counts as one without test. */
export type CaseState = 'passed' | 'failed' | 'no test';

export interface CaseReport {
  readonly groups: readonly {
    readonly letter: string;
    readonly title: string;
    readonly cases: readonly { readonly id: string; readonly title: string; readonly state: CaseState }[];
  }[];
  /** Ids that a test's title begins with and the list lacks. */
  readonly unlistedIds: readonly string[];
  /** Failed tests that name no case, and test files that could not be loaded. */
  readonly otherFailures: readonly string[];
}

/**
 * Reads the tables of `test/cases.md`.
 * @throws when a table's line cannot be read, an id stands in a foreign group, or an id occurs twice
 */
export function parseCases(markdown: string): CaseGroup[] {
  const groups: { letter: string; title: string; cases: Case[] }[] = [];
  const seen = new Set<string>();
  for (const line of markdown.split('\n')) {
    const heading = /^## ([A-Z]) · (.+)$/.exec(line);
    if (heading) groups.push({ letter: heading[1] ?? '', title: heading[2] ?? '', cases: [] });
    if (!line.startsWith('|') || line.startsWith('| id |') || line.startsWith('|---')) continue;

    const [, id, title, expected] = /^\| ([A-Z]-\d\d) \| ([^|]+) \| ([^|]+) \|$/.exec(line) ?? [];
    const group = groups.at(-1);
    if (!id || !title || !expected) throw new Error(`Not a line of the table: ${line}`);
    if (!group || !id.startsWith(group.letter)) throw new Error(`${id} stands in a foreign group.`);
    if (seen.has(id)) throw new Error(`${id} is listed twice.`);
    seen.add(id);
    group.cases.push({ id, title, expected });
  }
  return groups;
}

const testRun = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({
          ancestorTitles: z.array(z.string()),
          title: z.string(),
          fullName: z.string(),
          status: z.string(),
        }),
      ),
    }),
  ),
});

/** What Vitest's JSON reporter writes, as far as it is read here. */
export type TestRun = z.infer<typeof testRun>;

export function parseTestRun(json: string): TestRun {
  return testRun.parse(JSON.parse(json));
}

export function toCaseReport(groups: readonly CaseGroup[], run: TestRun): CaseReport {
  const tests = run.testResults.flatMap((file) => file.assertionResults);
  const statuses = new Map<string, string[]>();
  const otherFailures = run.testResults
    .filter((file) => file.status === 'failed' && !file.assertionResults.some(isFailed))
    .map((file) => [file.name, file.message].filter(Boolean).join(': '));

  for (const test of tests) {
    const ids = [...test.ancestorTitles, test.title].flatMap((title) => /^[A-Z]-\d\d\b/.exec(title) ?? []);
    for (const id of new Set(ids)) statuses.set(id, [...(statuses.get(id) ?? []), test.status]);
    if (ids.length === 0 && isFailed(test)) otherFailures.push(test.fullName);
  }

  const listed = new Set(groups.flatMap((group) => group.cases.map(({ id }) => id)));
  return {
    groups: groups.map(({ letter, title, cases }) => ({
      letter,
      title,
      cases: cases.map((each) => ({
        id: each.id,
        title: each.title,
        state: toState(statuses.get(each.id) ?? []),
      })),
    })),
    unlistedIds: [...statuses.keys()].filter((id) => !listed.has(id)).sort(),
    otherFailures,
  };
}

function toState(statuses: readonly string[]): CaseState {
  if (statuses.includes('failed')) return 'failed';
  return statuses.includes('passed') ? 'passed' : 'no test';
}

function isFailed(test: { readonly status: string }): boolean {
  return test.status === 'failed';
}

/** True when nothing failed and every id that a test names is listed; cases without test are no failure. */
export function isClean(report: CaseReport): boolean {
  const failed = report.groups.some((group) => group.cases.some(({ state }) => state === 'failed'));
  return !failed && report.unlistedIds.length === 0 && report.otherFailures.length === 0;
}

/** The report as a person reads it: a line per group, then its ids by state. */
export function toText(report: CaseReport): string {
  const lines: string[] = [];
  const total = { passed: 0, failed: 0, 'no test': 0 };
  for (const { letter, title, cases } of report.groups) {
    lines.push('', `${letter} · ${title}`);
    for (const state of ['passed', 'failed', 'no test'] as const) {
      const ids = cases.filter((each) => each.state === state).map(({ id }) => id);
      total[state] += ids.length;
      if (ids.length > 0)
        lines.push(`  ${state.padEnd(8)}${String(ids.length).padStart(3)}  ${ids.join(' ')}`);
    }
  }
  lines.push('', `${total.passed} passed, ${total.failed} failed, ${total['no test']} without test`);
  for (const id of report.unlistedIds) lines.push(`A test names ${id}, which test/cases.md does not list.`);
  for (const failure of report.otherFailures) lines.push(`Failed: ${failure}`);
  return `${lines.join('\n').trimStart()}\n`;
}
