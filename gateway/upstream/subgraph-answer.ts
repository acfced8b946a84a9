/** Reads a subgraph's body as a GraphQL answer and keeps of its errors only what a client may see. */
import type { ErrorCode } from '../errors.ts';

export interface SubgraphError {
  readonly message: string;
  readonly path: readonly (string | number)[] | undefined;
  readonly extensions: { readonly code: ErrorCode };
}

export interface SubgraphAnswer {
  readonly data: Record<string, unknown> | null;
  readonly errors: readonly SubgraphError[];
  /** Set when the subgraph gave no GraphQL answer at all. */
  readonly fault?: FaultCode;
  /** What the subgraph's errors said before they were masked; for the log. */
  readonly hidden?: readonly string[];
  /** Set when reading it took so long that others should have their turn before it is worked on. */
  readonly isLong?: boolean;
}

const faultMessages = {
  SUBGRAPH_TIMEOUT: 'A part of the answer did not come in time.',
  SUBGRAPH_UNAVAILABLE: 'A part of the answer is not available now.',
  SUBGRAPH_BAD_RESPONSE: 'A part of the answer could not be read.',
  SUBGRAPH_RESPONSE_TOO_LARGE: 'A part of the answer was too large.',
} as const;

export type FaultCode = keyof typeof faultMessages;

/** Codes that a subgraph may use towards clients, with its own message; any other becomes `SUBGRAPH_ERROR`. */
const passedCodes: ReadonlySet<unknown> = new Set<ErrorCode>([
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'IDEMPOTENCY_KEY_REUSED',
  'IDEMPOTENCY_IN_PROGRESS',
  'UPSTREAM_UNAVAILABLE',
]);

const maxErrors = 100;
/** Characters; reading them takes some milliseconds. */
export const longText = 500_000;
const maxMessageLength = 1_000;

export function faultAnswer(code: FaultCode): SubgraphAnswer {
  return {
    data: null,
    errors: [{ message: faultMessages[code], path: undefined, extensions: { code } }],
    fault: code,
  };
}

/** `undefined` when the text is not a GraphQL answer. */
export function parseSubgraphAnswer(text: string): SubgraphAnswer | undefined {
  const answer = parseJson(text);
  if (!isObject(answer)) return undefined;
  const { data, errors } = answer;
  if (data !== undefined && data !== null && !isObject(data)) return undefined;
  if (errors !== undefined && errors !== null && !Array.isArray(errors)) return undefined;
  // Neither data nor the reason why there is none.
  if (!data && !errors?.length) return undefined;
  const length = text.length > longText ? { isLong: true } : undefined;
  if (!errors?.length) return { data: data ?? null, errors: [], ...length };
  // Cut before they are looked at: a hundred thousand would hold the process for as long as they are read.
  const known: Record<string, unknown>[] = errors
    .slice(0, maxErrors)
    .map((error) => (isObject(error) ? error : {}));
  const hidden = known.filter((error) => !isPassed(codeOf(error))).map(messageOf);
  return {
    data: data ?? null,
    errors: known.map((error) => ({ path: pathOf(error), ...mask(error) })),
    ...(hidden.length > 0 && { hidden }),
    ...length,
  };
}

function mask(error: Record<string, unknown>): Omit<SubgraphError, 'path'> {
  const code = codeOf(error);
  if (isPassed(code)) return { message: messageOf(error), extensions: { code } };
  return { message: 'A part of the answer failed.', extensions: { code: 'SUBGRAPH_ERROR' } };
}

function isPassed(code: unknown): code is ErrorCode {
  return passedCodes.has(code);
}

function codeOf({ extensions }: Record<string, unknown>): unknown {
  return isObject(extensions) ? extensions.code : undefined;
}

function messageOf({ message }: Record<string, unknown>): string {
  return typeof message === 'string' ? message.slice(0, maxMessageLength) : '';
}

function pathOf({ path }: Record<string, unknown>): SubgraphError['path'] {
  if (!Array.isArray(path)) return undefined;
  const isStep = (step: unknown): boolean => typeof step === 'string' || Number.isSafeInteger(step);
  return path.every(isStep) ? path : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
