/** Has the signature of a request checked on the bytes that came, before they are read as JSON. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { CheckSignature } from '../admission/signature.ts';
import type { AdmitBody } from './json-body.ts';

export interface SignedRequests {
  readonly admitBody: AdmitBody;
  /** The session whose key signed the request; `undefined` for one that is not signed. */
  signerOf(request: FastifyRequest): string | undefined;
  /** For requests without a body, which no parser sees. */
  register(app: FastifyInstance): void;
}

const noBody = Buffer.alloc(0);

export function createSignedRequests(check: CheckSignature): SignedRequests {
  const signers = new WeakMap<FastifyRequest, string>();

  const admitBody: AdmitBody = (request, body) => {
    const { method = '', url = '', headers } = request.raw;
    const checked = check({ method, url, headers, body, route: request.routeOptions.url });
    return checked?.then((sessionId) => {
      signers.set(request, sessionId);
    });
  };

  return {
    admitBody,
    signerOf: (request) => signers.get(request),
    register(app) {
      app.addHook('preValidation', (request, _reply, done) => {
        const admitted = request.body === undefined ? admitBody(request, noBody) : undefined;
        if (admitted) admitted.then(() => done(), done);
        else done();
      });
    },
  };
}
