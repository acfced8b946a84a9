/** Tells of every credential that is refused, on whatever route. */
import type { FastifyRequest } from 'fastify';
import type { ReportSecurityEvent } from '../abuse/security-event.ts';
import { toAddressBlock } from '../address.ts';
import type { ErrorCode, RequestError } from '../errors.ts';
import { UserRefusal } from '../user-refusal.ts';
import type { PresentedSession } from './presented-session.ts';

const loginPaths = new Set(['/auth/wechat/login', '/auth/oidc/login', '/auth/oidc/session']);

const signatureCodes = new Set<ErrorCode>(['SIGNATURE_INVALID', 'REPLAYED']);

/** Refusals of who asks, not of what is asked; what is merely unavailable is no failure of theirs. */
const credentialCodes = new Set<ErrorCode>([
  'UNAUTHENTICATED',
  'BANNED',
  'INVALID_CODE',
  'CODE_USED',
  'USER_BLOCKED',
]);

export function createReportRefusal(
  report: ReportSecurityEvent,
  presentedSession: PresentedSession,
): (request: FastifyRequest, refusal: RequestError) => void {
  return (request, refusal) => {
    const { code } = refusal;
    const event = toEvent(request, code);
    if (!event) return;
    const block = toAddressBlock(request.clientAddress);
    const isShared = request.routeOptions.config?.isForAnyAddress === true;
    const from = isShared ? { sharedAddress: block } : { address: block };
    const known = { event, code, ...from, requestId: request.id };
    if (refusal instanceof UserRefusal) return report({ ...known, userId: refusal.userId });
    if (event !== 'SIGNATURE_FAILED') return report(known);
    // A signature is looked at before it is known who asks.
    void presentedSession(request).then((claims) =>
      report({ ...known, ...(claims && { userId: claims.userId, sessionId: claims.sessionId }) }),
    );
  };
}

function toEvent(
  { method, routeOptions: { url = '' } }: FastifyRequest,
  code: ErrorCode,
): 'LOGIN_FAILED' | 'SIGNATURE_FAILED' | 'AUTHENTICATION_FAILED' | undefined {
  if (signatureCodes.has(code)) return 'SIGNATURE_FAILED';
  if (!credentialCodes.has(code)) return undefined;
  return method === 'POST' && loginPaths.has(url) ? 'LOGIN_FAILED' : 'AUTHENTICATION_FAILED';
}
