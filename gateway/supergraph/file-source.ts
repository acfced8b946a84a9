/** Serves a supergraph from a file, and another one as soon as the file holds it. */
import { readFile, stat } from 'node:fs/promises';
import { loadSupergraph } from './load-supergraph.ts';
import { type LookAgain, lookAgain } from './look-again.ts';
import type { ReleaseSource, Serve, SourceEvents } from './release.ts';
import { createTroubleReport } from './report-trouble.ts';

export interface FileSourceOptions extends SourceEvents {
  readonly path: string;
  readonly intervalMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Looks at the file at an interval: it may be a link that is changed, as in a Kubernetes ConfigMap, on a disk that tells
 * of no change. A file is served once it was the same at two looks, because it may be half written.
 */
export function createFileSource({ path, intervalMs, now, ...events }: FileSourceOptions): ReleaseSource {
  const report = createTroubleReport(events, now);
  let served = '';
  let servedStamp = '';
  let lastStamp = '';
  let watch: LookAgain | undefined;

  const look = async (serve: Serve): Promise<void> => {
    const stamp = await readStamp(path);
    if (stamp === servedStamp) return;
    if (stamp !== lastStamp) {
      lastStamp = stamp;
      return;
    }
    const supergraphSdl = await readFile(path, 'utf8');
    if (supergraphSdl !== served) await serve({ supergraphSdl });
    served = supergraphSdl;
    servedStamp = stamp;
  };

  return {
    async begin(serve) {
      const stamp = await readStamp(path).catch(() => '');
      served = await loadSupergraph(path);
      await serve({ supergraphSdl: served });
      servedStamp = stamp;
      report.note(undefined);
    },
    follow(serve) {
      watch = lookAgain({ look: () => look(serve), intervalMs, onLooked: report.note });
    },
    state: () => ({ kind: 'file', ...report.state() }),
    async close() {
      await watch?.stop();
    },
  };
}

/** Another one for every change of the file that the path leads to. */
async function readStamp(path: string): Promise<string> {
  const { dev, ino, size, mtimeMs } = await stat(path);
  return [dev, ino, size, mtimeMs].join(' ');
}
