/** Ends the fetches of a request whose answer nobody waits for any more. */
export interface Cancellation {
  isCancelled(): boolean;
  /** Notes what ends a fetch under way. */
  add(end: () => void): void;
  /** Of a fetch that has ended. */
  delete(end: () => void): void;
  /** Ends those under way; none begins afterwards. */
  cancel(): void;
}

export function createCancellation(): Cancellation {
  const ends = new Set<() => void>();
  let cancelled = false;
  return {
    isCancelled: () => cancelled,
    add: (end) => void ends.add(end),
    delete: (end) => void ends.delete(end),
    cancel() {
      cancelled = true;
      for (const end of ends) end();
    },
  };
}
