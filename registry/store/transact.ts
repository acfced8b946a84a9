/** Runs a change in one transaction. Where the answer to its commit is lost, nobody knows whether it was written. */
import type { Database } from '../../subgraphs/shared/database.ts';
import { RegistryError } from '../errors.ts';

/** @throws OUTCOME_UNKNOWN when all was sent, and the database did not say what became of it */
export async function transact<Result>(
  database: Database,
  change: (transaction: Database) => Promise<Result>,
): Promise<Result> {
  let isSent = false;
  try {
    return await database.transaction(async (transaction) => {
      const result = await change(transaction);
      isSent = true;
      return result;
    });
  } catch (cause) {
    if (!isSent || isUndone(cause)) throw cause;
    throw new RegistryError(
      'OUTCOME_UNKNOWN',
      'The database did not answer whether the change was written.',
      {},
      { cause },
    );
  }
}

/** Whether the database itself refused the commit: by any of Postgres's codes but those of lost connections and shutdowns. */
function isUndone(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return /^(?!08|57P)\d/.test(code);
  return isUndone(error.cause);
}
