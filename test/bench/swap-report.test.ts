import { expect, test } from 'vitest';
import { toBombTables } from '../../bench/fragment-bomb-report.ts';
import { toSwapTables } from '../../bench/swap-report.ts';

const rate = { requests: 300, failed: 0, firstFailure: undefined, p50Ms: 1, p99Ms: 2, maxMs: 30 };

test('a report of swaps shows how long the event loop stood still, and what requests noticed', () => {
  const spread = { median: 10, p95: 20, max: 30 };
  const outcome = { ...rate, swaps: 50, stallMs: spread, holdMs: spread, swapMs: spread };
  expect(
    toSwapTables({ ...outcome, failed: 1, firstFailure: '503', heapMb: { before: 40, after: 41 } }),
  ).toBe(
    `
| 50 swaps                           | median ms | p95 ms | max ms |
| ---------------------------------- | --------: | -----: | -----: |
| longest stall of the event loop    |      10.0 |   20.0 |   30.0 |
| longest hold, in processor time    |      10.0 |   20.0 |   30.0 |
| from its beginning to in force     |      10.0 |   20.0 |   30.0 |
| goal of the longest stall, at most |       ··· |    ··· |   50.0 |

| requests | failed | p50 ms | p99 ms | max ms | heap before MB | heap after MB |
| -------- | -----: | -----: | -----: | -----: | -------------: | ------------: |
| 300      |      1 |    1.0 |    2.0 |   30.0 |           40.0 |          41.0 |

The first that failed: 503`.trim(),
  );
});

test('a report of fragment bombs shows how they were refused, and what others noticed', () => {
  const bombs = [
    { code: '400 LIMIT_EXCEEDED', tookMs: 5 },
    { code: '400 LIMIT_EXCEEDED', tookMs: 7.4 },
  ];
  expect(toBombTables([{ candidate: 'minigate', idle: rate, bombed: { ...rate, p99Ms: 3 }, bombs }])).toBe(
    `
| fragment bombs                   | p99 ms, idle | p99 ms, bombed | × idle | failed | slowest refusal ms |
| -------------------------------- | -----------: | -------------: | -----: | -----: | -----------------: |
| minigate: 400 LIMIT_EXCEEDED × 2 |          2.0 |            3.0 |   1.50 |      0 |                  7 |
| goal, at most                    |          ··· |            ··· |   2.00 |      0 |               1000 |`.trim(),
  );
});
