/** Makes of what running an operation came to the answer that a client gets: a status, headers and JSON. */
import { type ExecutionResult, GraphQLError } from 'graphql';
import { isErrorCode, RequestError } from './errors.ts';
import { formatError } from './format-error.ts';
import type { RequestOutcome } from './request-context.ts';

export interface GraphqlAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly text: string;
}

/** An operation that ran is answered with 200, whatever of it failed. Notes in `outcome` what did. */
export function toGraphqlAnswer(result: ExecutionResult, outcome: RequestOutcome): GraphqlAnswer {
  const { errors, data, extensions } = result;
  if (!errors) return { status: 200, headers: {}, text: JSON.stringify({ data, extensions }) };
  noteErrors(errors, outcome);
  const formatted = errors.map((error) => formatError(error.toJSON(), error));
  return { status: 200, headers: {}, text: JSON.stringify({ errors: formatted, data, extensions }) };
}

/** For what was thrown instead of a result: a refusal, or a fault of the gateway. */
export function toFailedAnswer(thrown: unknown, outcome: RequestOutcome): GraphqlAnswer {
  const error =
    thrown instanceof GraphQLError ? thrown : new GraphQLError('', { originalError: thrown as Error });
  noteErrors([error], outcome);
  const { status, headers } = thrown instanceof RequestError ? thrown : { status: 500, headers: {} };
  const errors = [formatError(error.toJSON(), error)];
  return { status, headers, text: JSON.stringify({ errors }) };
}

/** Codes go to the metrics and the log; of a fault also the error itself, which the client does not see. */
export function noteErrors(errors: readonly GraphQLError[], outcome: RequestOutcome): void {
  const isFault = ({ extensions }: GraphQLError): boolean => !isErrorCode(extensions.code);
  outcome.codes = errors.map((error) =>
    isFault(error) ? 'INTERNAL_SERVER_ERROR' : String(error.extensions.code),
  );
  outcome.faults = errors.filter(isFault).map((error) => error.originalError ?? error);
}
