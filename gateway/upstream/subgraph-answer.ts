/** Reads a subgraph's body as a GraphQL answer and keeps of its errors only what a client may see. */
import { z } from 'zod';
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
  readonly fault?: ErrorCode;
  /** What the subgraph's errors said before they were masked; for the log. */
  readonly hidden?: readonly string[];
}

const maxErrors = 100;
const maxMessageLength = 1_000;

/** Codes that a subgraph may use towards clients, with its own message; any other becomes `SUBGRAPH_ERROR`. */
const passedCodes: readonly ErrorCode[] = [
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'IDEMPOTENCY_KEY_REUSED',
  'IDEMPOTENCY_IN_PROGRESS',
  'UPSTREAM_UNAVAILABLE',
];

/** An error of any shape is an error: what of it cannot be read is left out. */
const errorSchema = z
  .object({
    message: z.string().catch(''),
    path: z
      .array(z.union([z.string(), z.number()]))
      .optional()
      .catch(undefined),
    extensions: z
      .object({ code: z.string().optional().catch(undefined) })
      .optional()
      .catch(undefined),
  })
  .catch({ message: '' });

const answerSchema = z
  .object({
    data: z.record(z.string(), z.unknown()).nullish(),
    errors: z.array(z.unknown()).default([]),
  })
  .refine(({ data, errors }) => data || errors.length > 0, 'Neither data nor the reason why there is none.');

/** `undefined` when the text is not a GraphQL answer. */
export function parseSubgraphAnswer(text: string): SubgraphAnswer | undefined {
  const parsed = answerSchema.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  // Cut before they are looked at: a hundred thousand would hold the process for as long as they are read.
  const errors = parsed.data.errors.slice(0, maxErrors).map((error) => errorSchema.parse(error));
  const hidden = errors.filter(({ extensions }) => !isPassed(extensions?.code)).map(({ message }) => message);
  return {
    data: parsed.data.data ?? null,
    errors: errors.map(({ message, path, extensions }) => ({ path, ...mask(message, extensions?.code) })),
    ...(hidden.length > 0 && { hidden: hidden.map((message) => message.slice(0, maxMessageLength)) }),
  };
}

function mask(message: string, code: string | undefined): Omit<SubgraphError, 'path'> {
  if (isPassed(code)) return { message: message.slice(0, maxMessageLength), extensions: { code } };
  return { message: 'A part of the answer failed.', extensions: { code: 'SUBGRAPH_ERROR' } };
}

function isPassed(code: string | undefined): code is ErrorCode {
  return passedCodes.includes(code as ErrorCode);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
