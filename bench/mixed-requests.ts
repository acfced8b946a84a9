/** Requests as many clients send them: mostly the same few operations, some with values or texts never seen before. */
import type { Candidate } from './candidates/candidates.ts';
import { operations } from './workload.ts';

/** The body of the request with this number. Of a hundred, one is a new document and one is refused. */
export function toMixedRequest(candidate: Candidate, number: number): string {
  const { toBody } = candidate;
  const share = number % 100;
  if (share < 70) return toBody(operations.light);
  if (share < 90) return toBody(operations.medium);
  if (share < 94) return toBody(operations.heavy);
  if (share < 98) return toBody(operations.top, { first: number });
  if (share < 99) return toNewDocument(candidate, number);
  return toBody(`query Wrong { topProducts { nothing${number} } }`);
}

export function toNewDocument({ toBody }: Candidate, number: number): string {
  return toBody(`query New { topProducts(first: 3) { upc${number}: upc } }`);
}
