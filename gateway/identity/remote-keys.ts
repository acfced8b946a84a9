/** The keys of an issuer elsewhere: loaded now and then, and kept for a day when the issuer cannot be reached. */
import { RequestError } from '../errors.ts';
import { type FindKey, parseKeySet } from './jwt.ts';

export interface RemoteKeys {
  /** Throws LOGIN_UNAVAILABLE when the keys were never loaded, or too long ago. */
  readonly find: FindKey;
  /** Loads the keys unless that was tried a moment ago. Never rejects. */
  load(): Promise<void>;
  isReady(): boolean;
}

export interface RemoteKeysOptions {
  /** Gives the issuer's JSON Web Key Set. */
  loadKeySet(): Promise<unknown>;
  /** Milliseconds, on a clock that never goes back. */
  readonly elapsed: () => number;
  /** Told of each attempt that failed. */
  readonly onFailed: (error: unknown) => void;
}

const freshForMs = 10 * 60_000;
const keptForMs = 24 * 60 * 60_000;
/** Between attempts, so that neither tokens with made-up key ids nor an issuer that is away cause many. */
const cooldownMs = 30_000;

export function createRemoteKeys({ loadKeySet, elapsed, onFailed }: RemoteKeysOptions): RemoteKeys {
  let keys: { readonly find: FindKey; readonly loadedAtMs: number } | undefined;
  let triedAtMs = Number.NEGATIVE_INFINITY;
  let loading: Promise<void> | undefined;

  const tryToLoad = async (): Promise<void> => {
    const askedAtMs = elapsed();
    triedAtMs = askedAtMs;
    try {
      keys = { find: parseKeySet(await loadKeySet()), loadedAtMs: askedAtMs };
    } catch (error) {
      onFailed(error);
    }
  };
  const load = async (): Promise<void> => {
    if (!loading && elapsed() - triedAtMs < cooldownMs) return;
    loading ??= tryToLoad().finally(() => {
      loading = undefined;
    });
    await loading;
  };
  const current = (): FindKey => {
    if (keys && elapsed() - keys.loadedAtMs <= keptForMs) return keys.find;
    throw new RequestError('LOGIN_UNAVAILABLE', 'Login is not available now.', { 'retry-after': '30' });
  };

  return {
    async find(header, token) {
      if (!keys || elapsed() - keys.loadedAtMs > freshForMs) await load();
      const known = current();
      try {
        return await known(header, token);
      } catch (error) {
        // The issuer may have changed its keys.
        await load();
        if (current() === known) throw error;
        return current()(header, token);
      }
    },
    load,
    isReady: () => keys !== undefined,
  };
}
