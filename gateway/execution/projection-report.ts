/** What goes wrong while the answer is cut to shape: errors, each at the place where the client finds a null. */
import { GraphQLError } from 'graphql';
import type { ErrorCode } from '../errors.ts';
import { type ErrorPath, Failure } from './failure.ts';
import { toResponseName } from './plan-names.ts';

const maxErrors = 100;

/** One for each answer. `path` is written by the projection as it goes down; only its first `length` elements count. */
export class ProjectionReport {
  readonly errors: GraphQLError[] = [];
  readonly variables: Readonly<Record<string, unknown>>;
  readonly path: (string | number)[] = [];
  readonly #reported = new Map<Failure, Set<string>>();

  constructor(variables: Readonly<Record<string, unknown>>) {
    this.variables = variables;
  }

  /** A value that its type does not take. Null and missing ones are no error here; a failure is told at each place, once for an object. */
  misfit(value: unknown, length: number, expected: string): null {
    if (value === null || value === undefined) return null;
    if (value instanceof Failure) return this.#addFailure(value, this.path.slice(0, length));
    return this.#add(
      `A value is not of the type ${expected}.`,
      'SUBGRAPH_BAD_RESPONSE',
      this.path.slice(0, length),
    );
  }

  /** A null where the schema allows none; `value` is what stood there before, since what failed is reported already. */
  missing(value: unknown, length: number, coordinate: string): null {
    if (value !== null && value !== undefined) return null;
    const message = `Cannot return null for the non-nullable ${coordinate}.`;
    return this.#add(message, 'SUBGRAPH_BAD_RESPONSE', this.path.slice(0, length));
  }

  /** Failures that the projection has not met, because a null above them came first or nothing of theirs was asked. */
  addUnmet(failures: ReadonlyMap<Failure, ErrorPath>): void {
    for (const [failure, place] of failures) {
      // One without a place lies below a null that has been explained, unless nothing has.
      const path = failure.path ?? place;
      const isExplained = this.#reported.has(failure) || (path.length === 0 && this.errors.length > 0);
      if (!isExplained) this.#add(failure.message, failure.code, path, failure.outcome);
    }
  }

  #addFailure(failure: Failure, place: ErrorPath): null {
    const { below, isSpread, message, code, outcome, path } = failure;
    const told = this.#reported.get(failure) ?? new Set();
    const key = path ? '' : (isSpread ? place.slice(0, -1) : place).join('\0');
    if (told.has(key)) return null;
    this.#reported.set(failure, told.add(key));
    const found = isSpread ? place : [...place, ...below.map(toResponseName)];
    return this.#add(message, code, path ?? found, outcome);
  }

  #add(message: string, code: ErrorCode, path: ErrorPath, outcome?: 'unknown'): null {
    if (this.errors.length >= maxErrors) return null;
    const extensions = { code, ...(outcome && { outcome }) };
    this.errors.push(new GraphQLError(message, { ...(path.length > 0 && { path }), extensions }));
    return null;
  }
}
