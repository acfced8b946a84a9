/** Says in what the gateway's answer to an operation differs from the answer of one schema with the same data. */
import { isDeepStrictEqual } from 'node:util';
import type { ExecutionResult, GraphQLError } from 'graphql';
import { isErrorCode } from '../../../gateway/errors.ts';
import type { FederationAnswer, FederationError } from '../../support/federation.ts';

type Path = readonly (string | number)[];

/** `undefined` when there is none. */
export function differenceBetween(answer: FederationAnswer, expected: ExecutionResult): string | undefined {
  const { status, data, errors = [] } = answer;
  if (status !== 200) return `status ${status}`;
  const wanted: unknown = JSON.parse(JSON.stringify(expected.data ?? null));
  if (!isDeepStrictEqual(data, wanted)) return 'data';
  if (JSON.stringify(data) !== JSON.stringify(wanted)) return 'the order of keys';
  if (errors.length > 0 && !expected.errors) return 'errors where nothing is wrong';
  const unexplained = (expected.errors ?? []).find((error) => !errors.some(explains(error)));
  if (unexplained) return `no error for ${JSON.stringify(unexplained.path)}`;
  const misplaced = errors.find((error) => !isWellPlaced(error, data));
  return misplaced && `an error without its place: ${JSON.stringify(misplaced)}`;
}

/** One error can stand for all below the null that it left. */
function explains({ path: wanted = [] }: GraphQLError) {
  return ({ path = [] }: FederationError): boolean =>
    isPrefix(path, wanted as Path) || isPrefix(wanted as Path, path);
}

function isPrefix(prefix: Path, path: Path): boolean {
  return prefix.every((step, index) => step === path[index]);
}

/** It names a code, and its path ends at a null or below one. */
function isWellPlaced({ path, extensions }: FederationError, data: unknown): boolean {
  if (!path || !isErrorCode(extensions.code)) return false;
  let value = data;
  for (const step of path) {
    if (value === null) return true;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value === null;
}
