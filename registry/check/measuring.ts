/** The measuring of a list of operations under a candidate: here, or in a thread beside the one that composes. */
import { CompositionError } from '../compose.ts';
import { createMeasureOperations, type Measured, type OperationText } from './measure-operations.ts';

export interface Work {
  readonly supergraphSdl: string;
  readonly operations: readonly OperationText[];
}

export interface Measuring {
  /** What clients could ask of the candidate, as SDL. @throws CompositionError when it cannot be planned over */
  apiSchemaSdl(): Promise<string>;
  /** After `apiSchemaSdl`. In the order of the operations. */
  measured(): Promise<readonly Measured[]>;
}

const sayEvery = 50;

/** Begins when it is asked, and holds the thread. */
export function measureHere(work: Work, onProgress: (done: number) => void): Measuring {
  let prepared: ReturnType<typeof prepare> | undefined;
  const begun = () => {
    prepared ??= prepare(work, onProgress);
    return prepared;
  };
  return {
    apiSchemaSdl: async () => begun().apiSchemaSdl,
    measured: async () => begun().measureAll(),
  };
}

/** @throws CompositionError when the supergraph cannot be planned over */
export function prepare({ supergraphSdl, operations }: Work, onProgress: (done: number) => void) {
  const { apiSchemaSdl, measure } = createOrRefuse(supergraphSdl);
  return {
    apiSchemaSdl,
    measureAll: (): Measured[] =>
      operations.map((operation, index) => {
        if (index % sayEvery === 0) onProgress(index);
        return measure(operation);
      }),
  };
}

function createOrRefuse(supergraphSdl: string) {
  try {
    return createMeasureOperations(supergraphSdl);
  } catch (error) {
    const { name, message } = error as Error;
    throw new CompositionError([{ code: name, message }]);
  }
}
