import { expect, test } from 'vitest';
import { toLargeTables } from '../../bench/large-report.ts';
import { toPublishTables } from '../../bench/publish-report.ts';

const rate = { requests: 300, failed: 0, firstFailure: undefined, p50Ms: 1, p99Ms: 2, maxMs: 30 };

test('a report of publishes shows what requests and memory noticed of them', () => {
  const outcome = {
    ...{ publishes: 33, rollbacks: 17, liveMs: { median: 900, p95: 1_200, max: 2_000 } },
    ...{ quiet: rate, checked: { ...rate, p99Ms: 2.5 } },
    ...{ busy: { ...rate, failed: 1, firstFailure: '503', p99Ms: 3 }, heapMb: { before: 40, after: 41 } },
  };
  expect(toPublishTables(outcome)).toBe(
    `
| requests                | sent | failed | p50 ms | p99 ms | max ms |
| ----------------------- | ---: | -----: | -----: | -----: | -----: |
| while nothing happens   |  300 |      0 |    1.0 |    2.0 |   30.0 |
| while others check      |  300 |      0 |    1.0 |    2.5 |   30.0 |
| while others publish    |  300 |      1 |    1.0 |    3.0 |   30.0 |
| × while nothing happens |  ··· |    ··· |    ··· |   1.50 |    ··· |
| × while others check    |  ··· |    ··· |    ··· |   1.20 |    ··· |
| goal, at most           |  ··· |      0 |    ··· |   1.50 |    ··· |

| 33 publishes, 17 rollbacks  | median ms | p95 ms | max ms |
| --------------------------- | --------: | -----: | -----: |
| until the gateway serves it |       900 |   1200 |   2000 |

| heap of the gateway        | before MB | after MB | × before |
| -------------------------- | --------: | -------: | -------: |
| after a garbage collection |      40.0 |     41.0 |    1.025 |
| goal, at most              |       ··· |      ··· |    1.050 |

The first that failed: 503`.trim(),
  );
});

test('a report of large checks shows what each took, and which was refused', () => {
  const check = { what: 'its publish', tookMs: 21_000, peakMb: 700, silentMs: 9_000, operations: 2_000 };
  expect(
    toLargeTables([
      { ...check, passed: true, bundleMb: 10 },
      { ...check, passed: false, bundleMb: 0 },
    ]),
  ).toBe(
    `
| large graph          | operations | seconds | peak MB | longest without a word, s | bundle MB |
| -------------------- | ---------: | ------: | ------: | ------------------------: | --------: |
| its publish          |       2000 |    21.0 |     700 |                       9.0 |      10.0 |
| its publish: refused |       2000 |    21.0 |     700 |                       9.0 |       ··· |
| goal, at most        |        ··· |    30.0 |    1024 |                       ··· |       ··· |`.trim(),
  );
});
