/** Stands in the data where a part is missing because of a fault, until it is reported at the place a client sees. */
import type { ErrorCode } from '../errors.ts';

export type ErrorPath = readonly (string | number)[];

export interface FailureOptions {
  /** For a mutation that may or may not have happened. */
  readonly outcome?: 'unknown' | undefined;
  /** What of the error's path lies below the null that came of it. */
  readonly below?: ErrorPath;
}

export class Failure {
  readonly message: string;
  readonly code: ErrorCode;
  readonly outcome: 'unknown' | undefined;
  readonly below: ErrorPath;
  /** Whether it stands for a whole object in each of its fields; `below` then begins with the field that failed. */
  isSpread = false;

  constructor(code: ErrorCode, message: string, { outcome, below = [] }: FailureOptions = {}) {
    this.code = code;
    this.message = message;
    this.outcome = outcome;
    this.below = below;
  }
}
