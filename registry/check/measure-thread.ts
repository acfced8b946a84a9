/** The thread beside the one that composes: reads the schema in force, and then measures operations under the candidate. */
import { parentPort, workerData } from 'node:worker_threads';
import { CompositionError, type CompositionProblem, toApiSchemaSdl } from '../compose.ts';
import type { Measured } from './measure-operations.ts';
import { prepare, type Work } from './measuring.ts';

export interface ThreadData {
  /** Supergraph of which the API schema will be wanted. */
  readonly inForce: string | undefined;
}

export type ThreadMessage =
  | { readonly kind: 'inForce'; readonly apiSchemaSdl: string }
  | { readonly kind: 'ready'; readonly apiSchemaSdl: string }
  | { readonly kind: 'refused'; readonly problems: readonly CompositionProblem[] }
  | { readonly kind: 'progress'; readonly done: number }
  | { readonly kind: 'measured'; readonly measured: readonly Measured[] };

const port = parentPort;
if (!port) throw new Error('Operations are measured in a worker thread.');
const say = (message: ThreadMessage): void => port.postMessage(message);

const { inForce } = workerData as ThreadData;
if (inForce !== undefined) say({ kind: 'inForce', apiSchemaSdl: toApiSchemaSdl(inForce) });
port.once('message', (work: Work) => {
  try {
    const { apiSchemaSdl, measureAll } = prepare(work, (done) => say({ kind: 'progress', done }));
    say({ kind: 'ready', apiSchemaSdl });
    say({ kind: 'measured', measured: measureAll() });
  } catch (error) {
    if (!(error instanceof CompositionError)) throw error;
    say({ kind: 'refused', problems: error.problems });
  }
});
