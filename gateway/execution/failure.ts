/** Stands in the data where a part is missing because of a fault, until it is reported at the place a client sees. */
import type { ErrorCode } from '../errors.ts';

export type ErrorPath = readonly (string | number)[];

export interface FailureOptions {
  /** For a mutation that may or may not have happened. */
  readonly outcome?: 'unknown' | undefined;
  /** What of the error's path lies below the null that came of it. */
  readonly below?: ErrorPath;
  /** From the root of the client's answer, where the subgraph could tell it. */
  readonly path?: ErrorPath | undefined;
}

export class Failure {
  readonly message: string;
  readonly code: ErrorCode;
  readonly outcome: 'unknown' | undefined;
  readonly below: ErrorPath;
  readonly path: ErrorPath | undefined;
  /** Whether it stands for a whole object in each of its fields. */
  isSpread = false;
  /** Whether fields that needed what failed tell of it. */
  isPassedOn = false;

  constructor(code: ErrorCode, message: string, { outcome, below = [], path }: FailureOptions = {}) {
    this.code = code;
    this.message = message;
    this.outcome = outcome;
    this.below = below;
    this.path = path;
  }
}
