/** Stage 1: refuses headers that are too many, or that another program on the way could read otherwise. */
import type { IncomingMessage } from 'node:http';
import { RequestError } from '../errors.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** For a route whose callers are not ours to choose, and whose bodies are not read by their type. */
    takesAnyMediaType?: boolean;
  }
}

const maxHeaders = 100;

/** Only JSON in UTF-8: with any other type or charset the bytes could be read differently elsewhere. */
const jsonMediaType = /^application\/json(?:[ \t]*;[ \t]*charset=(?:utf-8|"utf-8"))?$/i;

/** @throws HEADERS_TOO_LARGE, BAD_REQUEST, UNSUPPORTED_MEDIA_TYPE */
export function checkHeaders(
  { method, headers, rawHeaders }: IncomingMessage,
  { takesAnyMediaType = false }: { readonly takesAnyMediaType?: boolean } = {},
): void {
  // The parsed headers have lost names such as `__proto__` and the second of two content types.
  if (rawHeaders.length > maxHeaders * 2)
    throw new RequestError('HEADERS_TOO_LARGE', `Send at most ${maxHeaders} headers.`);
  let contentTypes = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] as string).toLowerCase();
    if (name in Object.prototype)
      throw new RequestError('BAD_REQUEST', 'A header has a name that is not taken.');
    if (name === 'content-type') contentTypes += 1;
  }
  if (headers['content-encoding'] !== undefined)
    throw new RequestError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as it is, without content-encoding.');
  // A request without a body need not declare one; what it declares must be true all the same.
  if (takesAnyMediaType || (method !== 'POST' && contentTypes === 0)) return;
  if (contentTypes > 1 || !jsonMediaType.test(headers['content-type'] ?? ''))
    throw new RequestError('UNSUPPORTED_MEDIA_TYPE', 'Send application/json in UTF-8.');
}
