/** What a GET may ask: nothing that changes anything, and no text that a foreign page could make a browser send. */
import type { IncomingHttpHeaders } from 'node:http';
import { RequestError } from '../errors.ts';

/** A browser sends any of these to another origin only after asking it by a preflight. */
const preflighted = [
  'minigate-client-name',
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'content-type', // only JSON has come this far
];

/**
 * A registered query needs no such header, so that any cache can ask for it: it changes nothing, no browser adds an
 * access token by itself, and a foreign page cannot read the answer.
 *
 * @throws METHOD_NOT_ALLOWED, BAD_REQUEST
 */
export function checkGet(
  registered: { readonly type: string } | undefined,
  headers: IncomingHttpHeaders,
  isDev: boolean,
): void {
  if (registered?.type === 'mutation') throw mutationByGet();
  if (registered || isDev || preflighted.some((name) => headers[name])) return;
  throw new RequestError(
    'BAD_REQUEST',
    'A GET of what is not registered needs the header minigate-client-name or apollo-require-preflight.',
  );
}

export function mutationByGet(): RequestError {
  return new RequestError('METHOD_NOT_ALLOWED', 'A mutation is sent by POST.', { allow: 'POST' });
}
