/** Defines a test for each case of each scenario, on one engine. */
import { globSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EngineName, type Federation, type FederationAnswer, startFederation } from './federation.ts';
import type { Scenario, ScenarioAnswer, ScenarioCase } from './federation-scenario.ts';

const folders = globSync('test/federation/*/scenario.ts').sort();
const scenarios = await Promise.all(
  folders.map(async (path) => {
    const { scenario } = (await import(resolve(path))) as { scenario: Scenario };
    return { name: basename(dirname(path)), ...scenario };
  }),
);

export function testScenarios(engine: EngineName): void {
  const loaded = scenarios.filter(({ apollo }) => engine !== 'apollo' || !apollo);
  describe.each(loaded)('$name', ({ subgraphs, cases }) => {
    let federation: Federation;
    beforeAll(async () => {
      federation = await startFederation(subgraphs, engine);
    });
    afterAll(() => federation?.close());

    const isWrong = ({ apollo, planner }: ScenarioCase): boolean =>
      planner === 'wrong' || (engine === 'apollo' && apollo === 'wrong');
    const right = Object.entries(cases).filter(([, known]) => !isWrong(known));
    test.each(right)('%s', async (_title, { query, variables, expected, fetches }) => {
      const fetchesBefore = federation.fetches();
      const answer = await federation.ask({ query, ...(variables && { variables }) });

      expect(toComparable(answer)).toEqual(inOrder(expected));
      expect(JSON.stringify(answer.data)).toBe(JSON.stringify(expected.data));
      if (fetches !== undefined && engine === 'minigate')
        expect(federation.fetches() - fetchesBefore).toBe(fetches);
    });

    const wrong = Object.entries(cases).filter(([, known]) => isWrong(known));
    test.each(wrong)('known to be answered wrongly: %s', async (_title, { query, variables, expected }) => {
      const answer = await federation.ask({ query, ...(variables && { variables }) });

      expect(toComparable(answer)).not.toEqual(inOrder(expected));
    });
  });
}

function toComparable({ status, data, errors }: FederationAnswer): Required<ScenarioAnswer> {
  const located = errors?.map(({ path, extensions: { code } }) => ({ code, ...(path && { path }) }));
  return inOrder({ status, data, ...(located && { errors: located }) });
}

function inOrder({ status = 200, data, errors = [] }: ScenarioAnswer): Required<ScenarioAnswer> {
  const sorted = errors.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
  return { status, data, errors: sorted };
}
