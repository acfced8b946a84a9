/** Stage 14: refuses an operation whose estimated cost is above the ceiling. */
import { RequestError } from '../errors.ts';

/** @throws COST_LIMIT_EXCEEDED naming both figures */
export function checkCost(cost: number, maxCost: number): void {
  if (cost <= maxCost) return;
  throw new RequestError(
    'COST_LIMIT_EXCEEDED',
    `The operation costs ${cost}; one request may cost ${maxCost}.`,
  );
}
