/** Tells a database that fails from a mistake of our own, and how it fails. */

/** The first that fits the code of Postgres or Node. */
const reasonsByCode: readonly (readonly [RegExp, string])[] = [
  [/^25006$/, 'The database is read-only.'],
  [/^53300$/, 'The database has no connection free.'],
  [/^53/, 'The database is out of space or memory.'],
  [/^(55P03|57014)$/, 'The database took too long.'],
  [/^40/, 'The database gave the change up for another at the same time.'],
  [/^(08|55|57|58)|ECONN|ENOTFOUND|EPIPE|EAI_AGAIN|ETIMEDOUT/, 'The database is away.'],
];

/** What the driver says without a code. */
const reasonsByMessage: readonly (readonly [RegExp, string])[] = [
  [/timeout exceeded when trying to connect/, 'The database has no connection free, or does not answer.'],
  [/timeout/i, 'The database took too long.'],
  [/terminat|connect/i, 'The database is away.'],
];

/** @returns one sentence; `undefined` when it is not the database that failed */
export function findStoreFault(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as { code?: unknown };
  const byCode = typeof code === 'string' ? findReason(reasonsByCode, code) : undefined;
  if (byCode) return byCode;
  // Around a failure of the driver drizzle puts one whose message is the statement.
  return error.cause ? findStoreFault(error.cause) : findReason(reasonsByMessage, error.message);
}

function findReason(reasons: readonly (readonly [RegExp, string])[], text: string): string | undefined {
  return reasons.find(([pattern]) => pattern.test(text))?.[1];
}
