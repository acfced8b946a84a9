/** Serves what the registry says is in force in one environment, and the copy on disk while the registry is away. */
import type { BundleKeys } from '../../registry/bundle/bundle-keys.ts';
import { StartupError } from '../startup-error.ts';
import { acceptBundle, type BundleInForce } from './accept-bundle.ts';
import type { BundleCopy } from './bundle-copy.ts';
import { type LookAgain, type LookAgainOptions, lookAgain } from './look-again.ts';
import type { BundleQuestion, RegistryClient } from './registry-client.ts';
import type { ReleaseSource, Serve, SourceEvents } from './release.ts';
import { createTroubleReport } from './report-trouble.ts';

export interface RegistrySourceOptions extends SourceEvents, Pick<LookAgainOptions, 'random' | 'wait'> {
  readonly client: Pick<RegistryClient, 'fetchBundle'>;
  readonly environment: string;
  readonly publicKeys: BundleKeys;
  /** Without it the gateway does not start while the registry is away. */
  readonly copy: BundleCopy | undefined;
  /** Told when the copy cannot be read, trusted or written; the gateway serves on without. */
  readonly onCopyTrouble: (error: unknown) => void;
  readonly intervalMs: number;
  /** How long the registry may hold its answer until there is something new; 0 where others tell of that. */
  readonly waitMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Calls back when somebody has published, until what it returns is called. */
  readonly onPublished?: ((wake: () => void) => () => void) | undefined;
}

export function createRegistrySource(options: RegistrySourceOptions): ReleaseSource {
  const { client, environment, publicKeys, copy, onCopyTrouble, intervalMs, waitMs, now } = options;
  const report = createTroubleReport(options, now);
  let inForce: BundleInForce | undefined;
  let etag: string | undefined;
  let restMs = waitMs > 0 ? 0 : intervalMs;
  let polling: LookAgain | undefined;
  let unsubscribe = (): void => {};

  /** Whether it is another. */
  const serveBundle = async (bytes: Buffer, serve: Serve): Promise<boolean> => {
    const accepted = await acceptBundle(bytes, { publicKeys, environment, inForce });
    if (!accepted) return false;
    const { bundle, digest } = accepted;
    await serve({ supergraphSdl: bundle.supergraphSdl, bundle });
    inForce = { sequence: bundle.sequence, digest };
    await copy?.save(bytes).catch(onCopyTrouble);
    return true;
  };

  /** Whether there was another. */
  const look = async (serve: Serve, question?: Omit<BundleQuestion, 'etag'>): Promise<boolean> => {
    const fetched = await client.fetchBundle({ ...question, etag });
    if (!fetched) return false;
    const isNew = await serveBundle(fetched.bytes, serve);
    // Only of what is served: all else is to be delivered again.
    etag = fetched.etag;
    return isNew;
  };

  /** What the registry holds the question for counts towards the interval; and after one bundle another may follow at once. */
  const lookAndWait = async (serve: Serve, signal: AbortSignal): Promise<void> => {
    const beganAtMs = now();
    const isNew = await look(serve, { signal, waitMs });
    const heldMs = Math.max(0, now() - beganAtMs);
    if (waitMs > 0) restMs = isNew ? 0 : Math.max(0, intervalMs - heldMs);
  };

  /** It says what is the least that the registry may deliver, so it comes first. */
  const beginFromCopy = async (serve: Serve): Promise<void> => {
    try {
      const bytes = await copy?.load();
      if (bytes) await serveBundle(bytes, serve);
    } catch (error) {
      onCopyTrouble(error);
    }
  };

  return {
    async begin(serve) {
      await beginFromCopy(serve);
      try {
        await look(serve);
        report.note(undefined);
      } catch (error) {
        if (!inForce)
          throw new StartupError(
            `Nothing can be served, and no copy of a bundle is on disk. ${(error as Error).message}`,
            { cause: error },
          );
        report.note(error);
      }
    },
    follow(serve) {
      polling = lookAgain({
        ...options,
        look: (signal) => lookAndWait(serve, signal),
        intervalMs,
        restMs: () => restMs,
        onLooked: report.note,
      });
      unsubscribe = options.onPublished?.(polling.wake) ?? unsubscribe;
    },
    state: () => ({ kind: 'registry', ...report.state() }),
    async close() {
      unsubscribe();
      await polling?.stop();
    },
  };
}
