/** Reads a body as JSON in UTF-8 where every byte counts: what runs is what was sent. */
import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RequestError } from '../errors.ts';
import { type JsonLimits, scanJson } from '../scan-json.ts';

const byteOrderMark = '\uFEFF';

/** Looks at the bytes of a body before anything else does; rejects to refuse them. `undefined`: nothing to look at. */
export type AdmitBody = (request: FastifyRequest, body: Buffer) => Promise<void> | undefined;

/** The only type that the server then takes. Bytes that are no UTF-8 are refused, not replaced. */
export function registerJsonBody(
  app: FastifyInstance,
  limits: JsonLimits,
  admitBody: AdmitBody | undefined,
): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const parse = (): void => {
      const text = body.toString('utf8');
      try {
        if (!isUtf8(body) || text.startsWith(byteOrderMark))
          throw new RequestError('BAD_REQUEST', 'The body is not plain UTF-8.');
        scanJson(text, limits);
      } catch (refusal) {
        done(refusal as RequestError);
        return;
      }
      parseJson(request, text, done);
    };
    const admitted = admitBody?.(request, body);
    if (admitted) admitted.then(parse, done);
    else parse();
  });
}
