/** The last thing that happens to an error: what it says outside is a code of the table and a message meant for clients. */
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { type ErrorCode, errorTable, isErrorCode, RequestError } from './errors.ts';

/** graphql-js quotes the value that it refuses, however long that is. */
const maxMessageLength = 1_000;

/**
 * Unknown faults lose their text; locations and path stay. Extensions are the code, the message for people and, for a
 * mutation that may or may not have happened, its outcome.
 */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const { message, locations, path, extensions } = formatted;
  const code = toCode(extensions?.code, error);
  const known = code !== 'INTERNAL_SERVER_ERROR';
  const clientPath = path && pathOfClient(path);
  const outcome = extensions?.outcome === 'unknown' ? 'unknown' : undefined;
  return {
    message: known ? message.slice(0, maxMessageLength) : 'Internal error.',
    ...(known && locations && { locations }),
    ...(clientPath?.length && { path: clientPath }),
    extensions: { code, userMessage: errorTable[code].userMessage, ...(outcome && { outcome }) },
  };
}

/** Apollo Server gives one code to all that validation reports; a rule of our own may have reported with another. */
function toCode(code: unknown, error: unknown): ErrorCode {
  const reported = error instanceof GraphQLError ? error.originalError : undefined;
  if (reported instanceof RequestError) return reported.code;
  return isErrorCode(code) ? code : 'INTERNAL_SERVER_ERROR';
}

/** The planner writes `@` for "every item"; a client's path ends before it. */
function pathOfClient(path: readonly (string | number)[]): readonly (string | number)[] {
  const end = path.indexOf('@');
  return end === -1 ? path : path.slice(0, end);
}
