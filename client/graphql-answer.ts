/** Reads the gateway's answers: data, errors, or a refusal. */
import { type ClientError, type GraphqlError, isObject, type Result } from './result.ts';
import type { Answer } from './transport.ts';

/** The errors of single fields that may be gone at the next try. */
const passingCodes = ['SUBGRAPH_TIMEOUT', 'SUBGRAPH_UNAVAILABLE'];

export function toGraphqlResult<Data>(answer: Answer): Result<Data> {
  const { body, status } = answer;
  const data = isObject(body) && isObject(body.data) ? (body.data as Data) : undefined;
  const errors = toErrors(body);
  if (errors.length > 0) return { ok: false, error: toError(answer, errors), data };
  return data && status < 400 ? { ok: true, data } : { ok: false, error: toBadResponse(answer) };
}

/** An answer that is not from a gateway, or breaks what was agreed with it. */
export function toBadResponse({ status, retryAfterSeconds }: Answer): ClientError {
  return {
    kind: 'badResponse',
    retryable: isPassingStatus(status),
    message: `not a gateway's answer, HTTP status ${status}`,
    status,
    retryAfterSeconds,
  };
}

function toErrors(body: unknown): readonly GraphqlError[] {
  if (!isObject(body) || !Array.isArray(body.errors)) return [];
  return body.errors.filter((error) => isObject(error) && typeof error.message === 'string');
}

function toError({ status, retryAfterSeconds }: Answer, errors: readonly GraphqlError[]): ClientError {
  const extensions = errors.map((error) => error.extensions || {});
  const { code, userMessage } = extensions[0] || {};
  const kind = status === 401 ? 'unauthenticated' : status >= 400 ? 'refused' : 'graphql';
  return {
    kind,
    retryable:
      kind === 'graphql'
        ? extensions.some((extension) => passingCodes.indexOf(String(extension.code)) >= 0)
        : isPassingStatus(status),
    message: errors.map((error) => error.message).join('; '),
    status,
    retryAfterSeconds,
    code: toText(code),
    userMessage: toText(userMessage),
    errors,
  };
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isPassingStatus(status: number): boolean {
  return [408, 429, 502, 503, 504].indexOf(status) >= 0;
}
