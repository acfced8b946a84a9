/** Says in what the gateway's answer to an operation differs from the answer of one schema with the same data. */
import { isDeepStrictEqual } from 'node:util';
import type { ExecutionResult } from 'graphql';
import { isErrorCode } from '../../../gateway/errors.ts';
import type { FederationAnswer } from '../../support/federation.ts';

type Path = readonly (string | number)[];

/** `undefined` when there is none. */
export function differenceBetween(answer: FederationAnswer, expected: ExecutionResult): string | undefined {
  const { status, data, errors = [] } = answer;
  if (status !== 200) return `status ${status}`;
  const wanted: unknown = JSON.parse(JSON.stringify(expected.data ?? null));
  if (!isDeepStrictEqual(data, wanted)) return 'data';
  if (JSON.stringify(data) !== JSON.stringify(wanted)) return 'the order of keys';
  const nulls = new Set<string | undefined>();
  for (const { path, extensions } of errors) {
    const leftNull = path && findNull(path, data);
    if (!leftNull) return `an error at ${JSON.stringify(path)}, where nothing is null`;
    if (!isErrorCode(extensions.code)) return `the code ${extensions.code}`;
    nulls.add(leftNull);
  }
  // One error is enough for each null, however many fields below it are broken.
  const unexplained = expected.errors?.find(({ path = [] }) => !nulls.has(findNull(path, data)));
  return unexplained && `a null without an error, at or above ${JSON.stringify(unexplained.path)}`;
}

/** Where a path meets null, as text; `undefined` when it does not. */
function findNull(path: Path, data: unknown): string | undefined {
  let value = data;
  for (const [depth, step] of path.entries()) {
    if (value === null) return JSON.stringify(path.slice(0, depth));
    value = (value as Record<string | number, unknown> | undefined)?.[step];
  }
  return value === null ? JSON.stringify(path) : undefined;
}
