/** Reads a body as JSON in UTF-8 where every byte counts: what runs is what was sent. */
import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RequestError } from '../errors.ts';
import { type JsonLimits, scanJson } from '../scan-json.ts';

const byteOrderMark = '\uFEFF';

/** Looks at the bytes of a body before anything else does; throws to refuse them. */
export type AdmitBody = (request: FastifyRequest, body: Buffer) => void;

/** The only type that the server then takes. Bytes that are no UTF-8 are refused, not replaced. */
export function registerJsonBody(
  app: FastifyInstance,
  limits: JsonLimits,
  admitBody: AdmitBody | undefined,
): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const text = body.toString('utf8');
    try {
      admitBody?.(request, body);
      if (!isUtf8(body) || text.startsWith(byteOrderMark))
        throw new RequestError('BAD_REQUEST', 'The body is not plain UTF-8.');
      scanJson(text, limits);
    } catch (refusal) {
      done(refusal as RequestError);
      return;
    }
    parseJson(request, text, done);
  });
}
