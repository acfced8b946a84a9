/** What the registered operations fetch and cost under a candidate, and what that changes; many are measured in a second thread. */
import type { PreparedPlan } from '../../gateway/planning/prepared-plans.ts';
import { toApiSchemaSdl } from '../compose.ts';
import { type ClientEffects, compareEffects, type LiveOperation } from './client-effects.ts';
import { type KnownCandidate, textKey } from './last-candidate.ts';
import {
  createMeasureOperations,
  type Measure,
  type Measured,
  type Measures,
  measureKey,
  type OperationText,
} from './measure-operations.ts';
import { type Measuring, measureHere } from './measuring.ts';
import { startSecondThread } from './second-thread.ts';

export interface Clients {
  readonly operations: readonly LiveOperation[];
  readonly current: { readonly supergraphSdl: string; readonly measures: Measures } | undefined;
  /** Plans of all are wanted; else nothing is planned that has its measure under this very supergraph. */
  readonly forBundle: boolean;
  /** The API schema in force, where it is known. */
  readonly apiSchemaInForce: string | undefined;
  /** What the candidate came to before. */
  readonly known: KnownCandidate | undefined;
}

export interface ClientFindings {
  /** Under the candidate, by `textKey`. */
  readonly measured: ReadonlyMap<string, Measured>;
  readonly measures: Measures;
  readonly plans: readonly PreparedPlan[];
  readonly effects: ClientEffects & { readonly checked: number };
}

export interface MeasureClients {
  /** What clients could ask until now, as SDL, where anything was in force. */
  apiSchemaInForce(): Promise<string | undefined>;
  /** As soon as there is a candidate, sound or not: a thread that has nothing else to do begins. */
  begin(supergraphSdl: string): MeasuredClients;
  end(): void;
}

/** Under the candidate. */
export interface MeasuredClients {
  /** What clients could ask, as SDL. @throws CompositionError when it cannot be planned over */
  apiSchemaSdl(): Promise<string>;
  findings(): Promise<ClientFindings>;
}

/** So many take longer than a thread takes to start. */
const many = 200;

export function createMeasureClients(
  { operations, current, forBundle, apiSchemaInForce, known }: Clients,
  onProgress: (done: number, total: number) => void,
): MeasureClients {
  const inForce = current?.supergraphSdl;
  const isNew = (operation: OperationText): boolean => !known?.measured.has(textKey(operation));
  const thread =
    operations.filter(isNew).length >= many
      ? startSecondThread({ inForce: apiSchemaInForce === undefined ? inForce : undefined })
      : undefined;

  const measure = (supergraphSdl: string, list: readonly LiveOperation[]): Measuring => {
    const work = { supergraphSdl, operations: list.map(({ id, name, body }) => ({ id, name, body })) };
    const tell = (done: number): void => onProgress(done, list.length);
    return thread ? thread.measure(work, tell) : measureHere(work, tell);
  };

  return {
    async apiSchemaInForce() {
      if (inForce === undefined) return undefined;
      return apiSchemaInForce ?? (await thread?.apiSchemaInForce()) ?? toApiSchemaSdl(inForce);
    },
    begin(supergraphSdl) {
      const isSame = supergraphSdl === inForce;
      const earlier = current?.measures ?? {};
      const unmeasured = operations.filter((operation) => earlier[measureKey(operation)] === undefined);
      const fresh = (isSame && !forBundle ? unmeasured : operations).filter(isNew);
      const measuring = measure(supergraphSdl, fresh);
      return {
        apiSchemaSdl: async () => known?.apiSchemaSdl ?? measuring.apiSchemaSdl(),
        async findings() {
          const results = fresh.length === 0 ? [] : await measuring.measured();
          const measured = new Map(
            fresh.map((operation, index) => [textKey(operation), results[index] as Measured]),
          );
          for (const key of operations.map(textKey)) {
            const recalled = known?.measured.get(key);
            if (recalled) measured.set(key, recalled);
          }
          const now = toMeasures(operations, (operation) => measured.get(textKey(operation))?.measure);
          const before = { ...earlier, ...(isSame ? now : measureEarlier(current, unmeasured)) };
          const after = isSame ? before : now;
          const live = operations.filter(({ versions }) => versions.length > 0);
          const plans = operations.map((operation) => measured.get(textKey(operation))?.prepared);
          return {
            measured,
            measures: toMeasures(operations, (operation) => after[measureKey(operation)]),
            plans: plans.filter((plan) => plan !== undefined),
            effects: { checked: live.length, ...compareEffects(live, before, after) },
          };
        },
      };
    },
    end() {
      thread?.end();
    },
  };
}

/** Of operations that were registered before anything was in force to measure them by, or since. */
function measureEarlier(current: Clients['current'], operations: readonly OperationText[]): Measures {
  if (!current || operations.length === 0) return {};
  const { measure } = createMeasureOperations(current.supergraphSdl);
  return toMeasures(operations, (operation) => measure(operation).measure);
}

function toMeasures(
  operations: readonly OperationText[],
  measureOf: (operation: OperationText) => Measure | undefined,
): Measures {
  return Object.fromEntries(
    operations.flatMap((operation) => {
      const measure = measureOf(operation);
      return measure ? [[measureKey(operation), measure]] : [];
    }),
  );
}
