import { expect, test } from 'vitest';
import { type Measured, toRows, toTables } from '../../bench/load-report.ts';

const costs = { requestsPerSecond: 151.2, p50Ms: 331.44, p99Ms: 410, peakMb: 356.4 };
const apollo: Measured = { operation: 'heavy', candidate: 'unchanged-apollo', cpuMs: 6.4, ...costs };
const byHand: Measured = { operation: 'heavy', candidate: 'hand-written', cpuMs: 0.5, ...costs };
const minigate: Measured = { operation: 'heavy', candidate: 'minigate', cpuMs: 0.8, ...costs };

test('a cost is set beside those of the same operation in the same run', () => {
  const light: Measured = { operation: 'light', candidate: 'minigate', cpuMs: 0.1, ...costs };
  expect(toRows([apollo, byHand, minigate, light])).toEqual([
    { ...apollo, ofApollo: 1, timesHandWritten: 12.8 },
    { ...byHand, ofApollo: 0.078125, timesHandWritten: 1 },
    { ...minigate, ofApollo: 0.125, timesHandWritten: 1.6 },
    { ...light, ofApollo: null, timesHandWritten: null },
  ]);
});

test('the table names the goal, and what Hive Gateway reached where it is not measured', () => {
  expect(toTables(toRows([apollo, minigate]))).toBe(
    `
| heavy                     | CPU ms | of Apollo | × hand-written | requests/s | p50 ms | p99 ms | peak MB |
| ------------------------- | -----: | --------: | -------------: | ---------: | -----: | -----: | ------: |
| unchanged-apollo          |  6.400 |     1.000 |              – |        151 |  331.4 |  410.0 |     356 |
| minigate                  |  0.800 |     0.125 |              – |        151 |  331.4 |  410.0 |     356 |
| hive-gateway, earlier     |    ··· |     0.330 |            ··· |        ··· |    ··· |    ··· |     ··· |
| goal of minigate, at most |    ··· |     0.143 |            ··· |        ··· |    ··· |    ··· |     ··· |`.trim(),
  );
});
