/** Remembers which nonces were used, in the memory of this process. */

/** `forgotten`: it may have been used, but what was used at that time is no longer known. */
export type NonceUse = 'new' | 'used' | 'forgotten';

export interface NonceStore {
  /**
   * Spends a nonce, at once for all who ask. Only for signatures that hold: nobody else can fill it.
   *
   * @param timestamp that was signed with it, in seconds since 1970
   * @throws when it cannot be told, or the store is full
   */
  spend(keyId: string, nonce: string, timestamp: number): Promise<NonceUse>;
}

export interface MemoryNonceOptions {
  /** Until how long after its timestamp a request is taken. */
  readonly windowMs: number;
  /** Beyond it signed requests are refused: to forget a nonce would let it in again. */
  readonly maxNonces: number;
  /** The clock that timestamps are held against, in milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * A nonce is kept until its timestamp is refused, by the same clock: no step of that clock lets it in again. What was
 * used before this process started is not known, so that nothing signed before is taken.
 */
export function createMemoryNonces({
  windowMs,
  maxNonces,
  now,
}: MemoryNonceOptions): NonceStore & { readonly size: number } {
  const timestamps = new Map<string, number>();
  let oldestKnown = Math.floor(now() / 1000);
  const forgetExpired = (): void => {
    for (const [nonce, timestamp] of timestamps) {
      if (now() <= timestamp * 1000 + windowMs) return;
      timestamps.delete(nonce);
      oldestKnown = Math.max(oldestKnown, timestamp + 1);
    }
  };
  return {
    get size() {
      return timestamps.size;
    },
    async spend(keyId, nonce, timestamp) {
      forgetExpired();
      const name = `${keyId} ${nonce}`;
      if (timestamps.has(name)) return 'used';
      if (timestamp < oldestKnown) return 'forgotten';
      if (timestamps.size >= maxNonces) throw new Error(`More than ${maxNonces} nonces are in use.`);
      timestamps.set(name, timestamp);
      return 'new';
    },
  };
}
