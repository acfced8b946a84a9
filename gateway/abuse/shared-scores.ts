/** Keeps scores where all gateways share them and, while that is away, in this process. */
import type { Scores } from './score.ts';

/** Never rejects: an attacker gains no pardon by a Redis that is away, and nobody else a refusal. @param onOwn told of each time */
export function createSharedScores(shared: Scores, own: Scores, onOwn: () => void): Scores {
  const orOwn = async <T>(work: Promise<T>, instead: () => Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch {
      onOwn();
      return instead();
    }
  };
  return {
    add: (...args) => orOwn(shared.add(...args), () => own.add(...args)),
    isNew: (...args) => orOwn(shared.isNew(...args), () => own.isNew(...args)),
    async forget(subject) {
      await own.forget(subject);
      await shared.forget(subject);
    },
  };
}
