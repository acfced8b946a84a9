/** What goes wrong while the answer is cut to shape: errors, each at the place where the client finds a null. */
import { GraphQLError } from 'graphql';
import type { ErrorCode } from '../errors.ts';
import { Failure } from './failure.ts';

const maxErrors = 100;

/** One for each answer. `path` is written by the projection as it goes down; only its first `length` elements count. */
export class ProjectionReport {
  readonly errors: GraphQLError[] = [];
  readonly variables: Readonly<Record<string, unknown>>;
  readonly path: (string | number)[] = [];
  readonly #reported = new Set<Failure>();

  constructor(variables: Readonly<Record<string, unknown>>) {
    this.variables = variables;
  }

  /** A value that its type does not take. Null and missing ones are no error here; a failure is reported once. */
  misfit(value: unknown, length: number, expected: string): null {
    if (value === null || value === undefined) return null;
    if (value instanceof Failure) {
      if (this.#reported.has(value)) return null;
      this.#reported.add(value);
      return this.#add(value.message, value.code, length, value.outcome);
    }
    return this.#add(`A value is not of the type ${expected}.`, 'SUBGRAPH_BAD_RESPONSE', length);
  }

  /** A null where the schema allows none; `value` is what stood there before, since what failed is reported already. */
  missing(value: unknown, length: number, coordinate: string): null {
    if (value !== null && value !== undefined) return null;
    return this.#add(
      `Cannot return null for the non-nullable ${coordinate}.`,
      'SUBGRAPH_BAD_RESPONSE',
      length,
    );
  }

  /** Failures that no selected field met. */
  addUnlocated(failures: Iterable<Failure>): void {
    for (const failure of failures) {
      if (this.#reported.has(failure)) continue;
      this.#reported.add(failure);
      this.#add(failure.message, failure.code, 0, failure.outcome);
    }
  }

  #add(message: string, code: ErrorCode, length: number, outcome?: 'unknown'): null {
    if (this.errors.length >= maxErrors) return null;
    const path = length > 0 ? this.path.slice(0, length) : undefined;
    const extensions = { code, ...(outcome && { outcome }) };
    this.errors.push(new GraphQLError(message, { ...(path && { path }), extensions }));
    return null;
  }
}
