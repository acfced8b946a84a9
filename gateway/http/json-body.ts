/** Reads a body as JSON in UTF-8 where every byte counts: what runs is what was sent. */
import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { RequestError } from '../errors.ts';

const byteOrderMark = '\uFEFF';

/** The only type that the server then takes. Bytes that are no UTF-8 are refused, not replaced. */
export function registerJsonBody(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const text = body.toString('utf8');
    if (isUtf8(body) && !text.startsWith(byteOrderMark)) parseJson(request, text, done);
    else done(new RequestError('BAD_REQUEST', 'The body is not plain UTF-8.'));
  });
}
