/** Adds time limits to the address of a Postgres, so that a slow one fails a change instead of holding it. */

const limitsMs = {
  statement_timeout: 15_000,
  lock_timeout: 5_000,
  idle_in_transaction_session_timeout: 30_000,
  query_timeout: 20_000,
} as const;

/** Limits that the address states already stay. */
export function withTimeouts(url: string): string {
  const address = new URL(url);
  for (const [name, limit] of Object.entries(limitsMs))
    if (!address.searchParams.has(name)) address.searchParams.set(name, String(limit));
  return address.toString();
}
