/** Remembers which nonces a process has seen, in a bounded memory. */

export interface NonceMemoryOptions {
  /** Twice the tolerance of timestamps. Default 600. */
  readonly keepSeconds?: number;
  /** Beyond it the oldest half is forgotten, so that load alone never has a request refused. Default 400 000. */
  readonly maxNonces?: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** For one process; replicas each remember what they saw. */
export function createNonceMemory(options: NonceMemoryOptions): (nonce: string) => boolean {
  const { keepSeconds = 600, maxNonces = 400_000, now } = options;
  let recent = new Set<string>();
  let older = new Set<string>();
  let recentSince = now();
  return (nonce) => {
    if (now() - recentSince > keepSeconds * 1000 || recent.size >= maxNonces / 2) {
      older = recent;
      recent = new Set();
      recentSince = now();
    }
    if (recent.has(nonce) || older.has(nonce)) return false;
    recent.add(nonce);
    return true;
  };
}
