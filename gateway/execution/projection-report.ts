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
  /** Failures of whole objects that have been met, but not yet at the field that failed. */
  readonly #waiting = new Map<string, { readonly failure: Failure; readonly place: ErrorPath }>();
  readonly #ids = new Map<Failure, number>();

  constructor(variables: Readonly<Record<string, unknown>>) {
    this.variables = variables;
  }

  /** A value that its type does not take. Null and missing ones are no error here; a failure is told at each place, once for an object. */
  misfit(value: unknown, length: number, expected: string): null {
    if (value === null || value === undefined || this.errors.length >= maxErrors) return null;
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

  /**
   * Failures that the projection has not met although they have a place: a null above them came first. One without a
   * place has cost the client nothing that is not explained, or nothing at all.
   */
  addUnmet(failures: ReadonlyMap<Failure, ErrorPath>): void {
    for (const { failure, place } of this.#waiting.values()) this.#addError(failure, place);
    for (const [failure, place] of failures) {
      const path = failure.path ?? place;
      if (path.length > 0 && !failure.isPassedOn && !this.#reported.has(failure))
        this.#addError(failure, path);
    }
  }

  #addFailure(failure: Failure, place: ErrorPath): null {
    const { below, isSpread, path } = failure;
    const object = isSpread ? place.slice(0, -1) : place;
    const key = path ? '' : object.join('\0');
    const told = this.#reported.get(failure) ?? new Set();
    if (told.has(key)) return null;
    const [field] = below;
    if (!path && isSpread && field !== undefined && toResponseName(field) !== place.at(-1)) {
      // It is told of at the field that failed, if that comes; else here.
      const waitingKey = `${key}\0${this.#idOf(failure)}`;
      if (!this.#waiting.has(waitingKey)) this.#waiting.set(waitingKey, { failure, place });
      this.#reported.set(failure, told);
      return null;
    }
    this.#reported.set(failure, told.add(key));
    this.#waiting.delete(`${key}\0${this.#idOf(failure)}`);
    return this.#addError(
      failure,
      path ?? [...(below.length > 0 ? object : place), ...below.map(toResponseName)],
    );
  }

  #idOf(failure: Failure): number {
    const id = this.#ids.get(failure) ?? this.#ids.size;
    this.#ids.set(failure, id);
    return id;
  }

  #addError({ message, code, outcome }: Failure, path: ErrorPath): null {
    return this.#add(message, code, path, outcome);
  }

  #add(message: string, code: ErrorCode, path: ErrorPath, outcome?: 'unknown'): null {
    if (this.errors.length >= maxErrors) return null;
    const extensions = { code, ...(outcome && { outcome }) };
    this.errors.push(new GraphQLError(message, { ...(path.length > 0 && { path }), extensions }));
    return null;
  }
}
