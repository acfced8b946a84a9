/** Tells a developer what an operation cost: in the answer's `extensions` and in its headers. */
import type { ExecutionResult } from 'graphql';
import type { RequestCost } from '../request-context.ts';

export function withCost(result: ExecutionResult, cost: RequestCost): ExecutionResult {
  const { estimated, actual, max, remaining } = cost;
  const shown = { estimated, actual, max, remaining: remaining ?? null };
  return { ...result, extensions: { ...result.extensions, cost: shown } };
}

/** Of refusals too; without the actual cost, when nothing was answered. @param fetches requests sent to subgraphs */
export function toCostHeaders(
  { estimated, actual, max }: RequestCost,
  fetches: number,
): Record<string, string> {
  return {
    'minigate-cost-estimated': String(estimated),
    ...(actual !== undefined && { 'minigate-cost-actual': String(actual) }),
    'minigate-cost-max': String(max),
    'minigate-fetches': String(fetches),
  };
}
