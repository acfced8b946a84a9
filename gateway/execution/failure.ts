/** Stands in the data where a part is missing because of a fault, until it is reported at the place a client sees. */
import type { ErrorCode } from '../errors.ts';

export class Failure {
  readonly message: string;
  readonly code: ErrorCode;
  /** For a mutation that may or may not have happened. */
  readonly outcome: 'unknown' | undefined;

  constructor(code: ErrorCode, message: string, outcome?: 'unknown') {
    this.code = code;
    this.message = message;
    this.outcome = outcome;
  }
}
