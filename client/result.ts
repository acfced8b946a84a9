/** What a call answers: data, or an error that says what can be done about it. */

export type Result<Data> = Success<Data> | Failure<Data>;

export interface Success<Data> {
  readonly ok: true;
  readonly data: Data;
}

export interface Failure<Data = never> {
  readonly ok: false;
  readonly error: ClientError;
  /** What could be answered all the same. */
  readonly data?: Data | undefined;
}

/** The result of a step that has no parts. */
export type Outcome<Value> = Success<Value> | Failure;

export type ErrorKind =
  /** No response: offline, refused, or cut off because the mini-program went to the background. */
  | 'network'
  /** No response within `timeoutMs`. */
  | 'timeout'
  /** The caller, or the platform, gave the request up. */
  | 'aborted'
  /** Logging in failed, or a fresh login was not accepted either. */
  | 'unauthenticated'
  /** The operation ran; some of it failed. See `errors`, and `data` for the rest. */
  | 'graphql'
  /** The gateway answered with an error status: see `code`. */
  | 'refused'
  /** Something answered, but not a gateway: a proxy's page, a hotel's login. */
  | 'badResponse';

export interface ClientError {
  readonly kind: ErrorKind;
  /** Whether the same call may succeed later. Repeat a mutation only with the same `idempotencyKey`. */
  readonly retryable: boolean;
  /** English, for logs. */
  readonly message: string;
  /** Chinese, fit to be shown, when the gateway has one for this error. */
  readonly userMessage?: string | undefined;
  /** The gateway's code of the first error, such as `RATE_LIMITED`. */
  readonly code?: string | undefined;
  /** HTTP status, when there was a response. */
  readonly status?: number;
  /** How long the gateway asks to wait. */
  readonly retryAfterSeconds?: number | undefined;
  /** The mutation's key: give it to the repeated call, and the mutation happens at most once. */
  readonly idempotencyKey?: string;
  readonly errors?: readonly GraphqlError[];
}

export interface GraphqlError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
