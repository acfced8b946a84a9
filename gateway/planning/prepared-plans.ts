/** What was found out ahead of registered operations: above all their plans, by what the planner was asked. */
import { hash } from 'node:crypto';
import type { QueryPlan } from './query-plan.ts';

/** Of what `QueryPlan` looks like; another number whenever an executor of before could misread it. */
export const planFormat = 1;

export interface PreparedPlans {
  readonly planFormat: number;
  /** What clients may ask, as SDL. */
  readonly apiSchemaSdl: string;
  /** How the analyses are written, and what they assume of a list that nothing sizes; absent where there are none. */
  readonly analyses?: { readonly format: number; readonly defaultListSize: number } | undefined;
  readonly plans: readonly PreparedPlan[];
}

export interface PreparedPlan {
  /** SHA-256 of a document that is valid against the schema, in hexadecimal; bundles of before do not say it. */
  readonly document?: string | undefined;
  /** SHA-256 of the text that the planner was asked, in hexadecimal. */
  readonly asked: string;
  readonly operationName?: string | undefined;
  readonly plan: QueryPlan;
  /** By `writeAnalysis`. */
  readonly analysis?: string | undefined;
}

/** Of one operation of a valid document, planned as `source`. */
export function toPreparedPlan(
  { body, name }: { readonly body: string; readonly name: string },
  source: string,
  plan: QueryPlan,
  analysis: string,
): PreparedPlan {
  return {
    document: hash('sha256', body),
    asked: hash('sha256', source),
    operationName: name,
    plan,
    analysis,
  };
}

/** Finds a plan by what the planner would be asked. None are found in another format than this gateway's. */
export function createFindPlan({
  planFormat: format,
  plans,
}: PreparedPlans): (source: string, operationName: string | undefined) => QueryPlan | undefined {
  const keyOf = (asked: string, operationName: string | undefined): string =>
    `${asked} ${operationName ?? ''}`;
  const known = new Map(
    format === planFormat
      ? plans.map(({ asked, operationName, plan }) => [keyOf(asked, operationName), plan])
      : [],
  );
  return (source, operationName) => known.get(keyOf(hash('sha256', source), operationName));
}
