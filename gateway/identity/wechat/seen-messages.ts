/** Remembers which pushed messages have been dealt with, in the memory of this process. */

/** One for all gateways lets each message have its effect once, whichever of them WeChat reaches. */
export interface SeenMessages {
  /** Marks a new message as under way; one that nobody finishes in time is new again. */
  begin(id: string): Promise<'new' | 'under way' | 'done'>;
  finish(id: string): Promise<void>;
  /** For a message that could not be dealt with: it is new again. */
  release(id: string): Promise<void>;
}

/** A little longer than dealing with a message may take. */
export const underWayMs = 6_000;

/** Longer than the window in which a message is taken at all. */
export const doneMs = 900_000;

export function createSeenMessages({
  now,
  maxMessages = 10_000,
}: {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The oldest make room beyond this. */
  readonly maxMessages?: number;
}): SeenMessages {
  const seen = new Map<string, { readonly state: 'under way' | 'done'; readonly endsAt: number }>();
  const mark = (id: string, state: 'under way' | 'done', lifetimeMs: number): void => {
    seen.delete(id);
    seen.set(id, { state, endsAt: now() + lifetimeMs });
    for (const [oldest, { endsAt }] of seen) {
      if (endsAt > now() && seen.size <= maxMessages) return;
      seen.delete(oldest);
    }
  };
  return {
    async begin(id) {
      const found = seen.get(id);
      if (found && found.endsAt > now()) return found.state;
      mark(id, 'under way', underWayMs);
      return 'new';
    },
    async finish(id) {
      mark(id, 'done', doneMs);
    },
    async release(id) {
      seen.delete(id);
    },
  };
}
