/** Serves what the registry says is in force in one environment, and the copy on disk while the registry is away. */
import type { BundleKeys } from '../../registry/bundle/bundle-keys.ts';
import { StartupError } from '../startup-error.ts';
import { acceptBundle, type BundleInForce } from './accept-bundle.ts';
import type { BundleCopy } from './bundle-copy.ts';
import { type LookAgain, type LookAgainOptions, lookAgain } from './look-again.ts';
import type { RegistryClient } from './registry-client.ts';
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
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Calls back when somebody has published, until what it returns is called. */
  readonly onPublished?: ((wake: () => void) => () => void) | undefined;
}

export function createRegistrySource(options: RegistrySourceOptions): ReleaseSource {
  const { client, environment, publicKeys, copy, onCopyTrouble, intervalMs } = options;
  const report = createTroubleReport(options, options.now);
  let inForce: BundleInForce | undefined;
  let etag: string | undefined;
  let polling: LookAgain | undefined;
  let unsubscribe = (): void => {};

  const serveBundle = async (bytes: Buffer, serve: Serve): Promise<void> => {
    const accepted = await acceptBundle(bytes, { publicKeys, environment, inForce });
    if (!accepted) return;
    const { bundle, digest } = accepted;
    await serve({ supergraphSdl: bundle.supergraphSdl, bundle });
    inForce = { sequence: bundle.sequence, digest };
    await copy?.save(bytes).catch(onCopyTrouble);
  };

  const look = async (serve: Serve, signal?: AbortSignal): Promise<void> => {
    const fetched = await client.fetchBundle(etag, signal);
    if (!fetched) return;
    await serveBundle(fetched.bytes, serve);
    // Only of what is served: all else is to be delivered again.
    etag = fetched.etag;
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
        look: (signal) => look(serve, signal),
        intervalMs,
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
