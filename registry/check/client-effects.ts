/** Compares what registered operations were under the schema in force with what they would be under the candidate. */
import { type Measure, type Measures, measureKey, type OperationText } from './measure-operations.ts';
import type { BrokenOperation, ClientVersion, GrownOperation } from './problem.ts';

/** A registered operation with the versions in use that run it. */
export interface LiveOperation extends OperationText {
  readonly versions: readonly ClientVersion[];
}

export interface ClientEffects {
  readonly broken: readonly BrokenOperation[];
  readonly grown: readonly GrownOperation[];
}

/** What does not run today cannot be broken. */
export function compareEffects(
  operations: readonly LiveOperation[],
  before: Measures,
  after: Measures,
): ClientEffects {
  const broken: BrokenOperation[] = [];
  const grown: GrownOperation[] = [];
  for (const operation of operations) {
    const then: Measure | undefined = before[measureKey(operation)];
    const now: Measure | undefined = after[measureKey(operation)];
    if (!then || !now || 'problem' in then) continue;
    const named = { operation: operation.name, documentId: operation.id, versions: operation.versions };
    if ('problem' in now) broken.push({ ...named, reason: now.problem });
    else if (now.fetches > then.fetches || now.cost > then.cost)
      grown.push({ ...named, fetches: [then.fetches, now.fetches], cost: [then.cost, now.cost] });
  }
  return { broken, grown };
}
