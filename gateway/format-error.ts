/** The last thing that happens to an error: what it says outside is a code of the table and a message meant for clients. */
import type { GraphQLFormattedError } from 'graphql';
import { type ErrorCode, errorTable, isErrorCode } from './errors.ts';

/** Unknown faults lose their text; locations and path stay, extensions are the code and the message for people. */
export function formatError({
  message,
  locations,
  path,
  extensions,
}: GraphQLFormattedError): GraphQLFormattedError {
  const code: ErrorCode = isErrorCode(extensions?.code) ? extensions.code : 'INTERNAL_SERVER_ERROR';
  const known = code !== 'INTERNAL_SERVER_ERROR';
  const clientPath = path && pathOfClient(path);
  return {
    message: known ? message : 'Internal error.',
    ...(known && locations && { locations }),
    ...(clientPath?.length && { path: clientPath }),
    extensions: { code, userMessage: errorTable[code].userMessage },
  };
}

/** The planner writes `@` for "every item"; a client's path ends before it. */
function pathOfClient(path: readonly (string | number)[]): readonly (string | number)[] {
  const end = path.indexOf('@');
  return end === -1 ? path : path.slice(0, end);
}
