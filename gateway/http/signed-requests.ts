/** Has the signature of a request checked on the bytes that came, before they are read as JSON. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { CheckedSignature, CheckSignature } from '../admission/signature.ts';
import type { RequestToSign } from '../admission/signature-base.ts';
import { RequestError } from '../errors.ts';
import type { SessionClaims } from '../identity/session-token.ts';
import type { AdmitBody } from './json-body.ts';
import type { PresentedSession } from './presented-session.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** For a route that waits for the nonce of a signed request itself, beside its other checks. */
    awaitsNonce?: boolean;
  }
}

export interface SignedRequests {
  readonly admitBody: AdmitBody;
  /** `undefined` for a request that is not signed. */
  signatureOf(request: FastifyRequest): CheckedSignature | undefined;
  /** A request as it was sent, where a later stage has to check another signature of it. */
  sentOf(request: FastifyRequest): RequestToSign | undefined;
  /** The body of a request whose signature was refused. */
  unreadBodyOf(request: FastifyRequest): Buffer | undefined;
  /**
   * For requests without a body, which no parser sees, and for routes that are reached only once the nonce is spent and
   * the session that signed is known to be the one that the request presents, where it presents any.
   */
  register(app: FastifyInstance, presentedSession: PresentedSession): void;
}

export interface SignedRequestsOptions {
  readonly check: CheckSignature | undefined;
  /** The header of those whose bytes are kept until they are answered. */
  readonly keptWith: string | undefined;
}

const noBody = Buffer.alloc(0);

export function createSignedRequests({ check, keptWith }: SignedRequestsOptions): SignedRequests {
  const signatures = new WeakMap<FastifyRequest, CheckedSignature>();
  const kept = new WeakMap<FastifyRequest, RequestToSign>();
  const unread = new WeakMap<FastifyRequest, Buffer>();

  const admitBody: AdmitBody = (request, body) => {
    const { method = '', url = '', headers } = request.raw;
    const sent = { method, url, headers, body };
    if (keptWith !== undefined && headers[keptWith] !== undefined) kept.set(request, sent);
    try {
      const signature = check?.({ ...sent, route: request.routeOptions.url });
      if (signature) signatures.set(request, signature);
    } catch (refusal) {
      unread.set(request, body);
      throw refusal;
    }
  };

  return {
    admitBody,
    signatureOf: (request) => signatures.get(request),
    sentOf: (request) => kept.get(request),
    unreadBodyOf: (request) => unread.get(request),
    register(app, presentedSession) {
      app.addHook('preValidation', async (request) => {
        if (request.body === undefined) admitBody(request, noBody);
      });
      app.addHook('preHandler', async (request) => {
        const signature = signatures.get(request);
        if (!signature || request.routeOptions.config.awaitsNonce) return;
        await signature.spent;
        checkSigner(signature, await presentedSession(request));
      });
    },
  };
}

/** A stolen token is of no use with a key of one's own. @throws SIGNATURE_INVALID */
function checkSigner({ sessionId }: CheckedSignature, presented: SessionClaims | undefined): void {
  if (presented && presented.sessionId !== sessionId)
    throw new RequestError('SIGNATURE_INVALID', 'Sign by the key of the session that the token is of.');
}
