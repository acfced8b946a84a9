/** Checks a graph as large as a company's, as the registry does before a publish: in a process with its limits. */
import { setInterval } from 'node:timers';
import type { CheckJob, CheckOutcome, CheckProgress } from '../registry/check/check-candidate.ts';
import { createChecks } from '../registry/check/run-check.ts';
import { createLargeGraph, type LargeGraph, type LargeGraphSize } from './large-graph.ts';
import { readMemory } from './process-tree.ts';

export interface LargeCheck {
  readonly what: string;
  readonly tookMs: number;
  /** Resident, of the process that checks. */
  readonly peakMb: number;
  /** The longest that nothing was said of how far it is. */
  readonly silentMs: number;
  readonly passed: boolean;
  readonly operations: number;
  /** 0 where none was made. */
  readonly bundleMb: number;
}

/** Above what the registry allows, so that there is a figure in any case. */
const timeoutMs = 300_000;
const maxHeapMb = 512;
const lookEveryMs = 100;
const showEvery = 500;

/** The first publish of everything, a check of a change of one subgraph, and its publish. */
export async function measureLargeChecks(
  size: LargeGraphSize,
  onProgress: (what: string) => void,
): Promise<readonly LargeCheck[]> {
  const graph = createLargeGraph(size, 'http://127.0.0.1:9');
  const ownMb = readMemory(process.pid).residentMb;
  const checks = createChecks({ timeoutMs, maxHeapMb, concurrency: 1 });
  const measure = async (what: string, job: CheckJob) => {
    onProgress(what);
    const startedAt = performance.now();
    let saidAt = startedAt;
    let silentMs = 0;
    let peakMb = 0;
    const timer = setInterval(() => {
      peakMb = Math.max(peakMb, readMemory(process.pid).residentMb - ownMb);
    }, lookEveryMs);
    let shown: Pick<CheckProgress, 'step' | 'done'> | undefined;
    const hear = ({ step, done, total }: CheckProgress): void => {
      const now = performance.now();
      silentMs = Math.max(silentMs, now - saidAt);
      saidAt = now;
      if (shown?.step === step && done < shown.done + showEvery) return;
      shown = { step, done };
      onProgress(`  ${((now - startedAt) / 1_000).toFixed(1)} s: ${step} ${done}/${total}`);
    };
    const outcome = await checks.run('check', job, hear).finally(() => clearInterval(timer));
    const { report, payload } = outcome;
    const check: LargeCheck = {
      ...{ what, peakMb, silentMs, tookMs: performance.now() - startedAt, passed: report.passed },
      ...{ operations: report.operations.checked, bundleMb: (payload?.length ?? 0) / 1_048_576 },
    };
    return { outcome, check };
  };
  try {
    const first = await measure('the first publish of all', toJob(graph, undefined, true));
    const change = { current: first.outcome, changed: withOneMoreField(graph) };
    const checked = await measure('a check of one more field', toJob(graph, change, false));
    const published = await measure('its publish', toJob(graph, change, true));
    return [first.check, checked.check, published.check];
  } finally {
    checks.close();
  }
}

interface OneChange {
  readonly current: CheckOutcome;
  readonly changed: LargeGraph['subgraphs'];
}

function toJob(
  { subgraphs, operations }: LargeGraph,
  change: OneChange | undefined,
  bundle: boolean,
): CheckJob {
  const client = { client: 'mini-program', version: '1.0.0' };
  const current = change?.current.version;
  return {
    current: current && { ...current, subgraphs },
    candidate: change?.changed ?? subgraphs,
    changed: change && subgraphs[0]?.name,
    mayActFor: ['*'],
    approvals: [],
    operations: operations.map((operation) => ({ ...operation, versions: [client] })),
    access: {},
    published: {},
    maxVanishingPercent: 30,
    force: false,
    bundle: bundle
      ? {
          ...{ environment: 'dev', sequence: 1, createdAt: new Date().toISOString() },
          manifests: [{ ...client, operations: [...operations] }],
        }
      : undefined,
  };
}

function withOneMoreField({ subgraphs }: LargeGraph): LargeGraph['subgraphs'] {
  return subgraphs.map((subgraph, index) =>
    index === 0
      ? { ...subgraph, sdl: subgraph.sdl.replace('createdAt: String', 'createdAt: String updatedAt: String') }
      : subgraph,
  );
}
