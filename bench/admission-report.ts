/** Writes what the checks of one request cost as a table, beside what they may. */
import {
  type AdmissionCost,
  admissionGoalMicroseconds,
  distanceMs,
  type RedisTimes,
} from './measure-admission.ts';
import { toTable } from './table.ts';

export function toAdmissionTable({ microseconds, redis }: AdmissionCost): string {
  return toTable([
    ['address, signature, session, rates and cost of a warm request', 'measured', 'goal'],
    ['CPU µs, in memory', microseconds.toFixed(1), `${admissionGoalMicroseconds}`],
    ...(redis
      ? [
          toRow('ms, in Redis on this machine, beside one round trip', redis.near),
          toRow(`ms, in Redis ${distanceMs} ms away, beside one round trip`, redis.distant),
        ]
      : []),
  ]);
}

function toRow(title: string, { requestMs, roundTripMs }: RedisTimes): string[] {
  return [title, requestMs.toFixed(2), roundTripMs.toFixed(2)];
}
