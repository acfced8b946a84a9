/** Remembers which pushed messages have been dealt with, in the memory of this process. */

/** One for all gateways lets each message have its effect once, whichever of them WeChat reaches. */
export interface SeenMessages {
  /** Whether nobody had claimed it before. A claim ends by itself when WeChat has long stopped repeating the message. */
  claim(id: string): Promise<boolean>;
  /** For a message that could not be dealt with: WeChat will send it again. */
  release(id: string): Promise<void>;
}

/** Longer than the window in which a message is taken at all. */
const lifetimeMs = 900_000;

export function createSeenMessages({
  now,
  maxMessages = 10_000,
}: {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The oldest make room beyond this. */
  readonly maxMessages?: number;
}): SeenMessages {
  // In the order of insertion, which is that of their ends.
  const endsAt = new Map<string, number>();
  return {
    async claim(id) {
      if ((endsAt.get(id) ?? 0) > now()) return false;
      endsAt.delete(id);
      for (const [oldest, end] of endsAt) {
        if (end > now() && endsAt.size < maxMessages) break;
        endsAt.delete(oldest);
      }
      endsAt.set(id, now() + lifetimeMs);
      return true;
    },
    async release(id) {
      endsAt.delete(id);
    },
  };
}
