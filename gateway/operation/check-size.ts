/** Refuses documents that are larger than one request may be. */
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import { RequestError } from '../errors.ts';
import { measureOperations, type OperationSize } from './measure.ts';

export interface SizeLimits {
  /** Levels of nested fields; fragments add none. */
  readonly maxDepth: number;
  readonly maxAliases: number;
  readonly maxDirectives: number;
  /** Fields, fragments written out. */
  readonly maxSelections: number;
  /** Fields of the root type, as which most of what a document can repeat is repeated: logins, searches. */
  readonly maxRootFields: number;
  readonly maxRootAliases: number;
  /** Root fields of a mutation: each is a change. */
  readonly maxMutations: number;
}

/**
 * Judges every operation of the document, also those that are not selected.
 *
 * @throws LIMIT_EXCEEDED naming the count and the limit
 */
export function checkSize(document: DocumentNode, limits: SizeLimits): void {
  checkSizes(measureOperations(document), limits);
}

/** `checkSize` of a document that has been measured. */
export function checkSizes(
  sizes: ReadonlyMap<OperationDefinitionNode, OperationSize>,
  limits: SizeLimits,
): void {
  for (const [{ operation }, size] of sizes) {
    refuseAbove(size.selections, limits.maxSelections, 'selects', 'fields, fragments written out');
    refuseAbove(size.depth, limits.maxDepth, 'is', 'levels deep');
    refuseAbove(size.rootFields, limits.maxRootFields, 'has', 'root fields');
    if (operation === 'mutation') refuseAbove(size.rootFields, limits.maxMutations, 'makes', 'changes');
    refuseAbove(size.rootAliases, limits.maxRootAliases, 'has', 'root aliases');
    refuseAbove(size.aliases, limits.maxAliases, 'has', 'aliases, fragments written out');
    refuseAbove(size.directives, limits.maxDirectives, 'has', 'directives, fragments written out');
  }
}

function refuseAbove(
  count: OperationSize[keyof OperationSize],
  limit: number,
  verb: string,
  what: string,
): void {
  if (count > limit)
    throw new RequestError('LIMIT_EXCEEDED', `The operation ${verb} ${count} ${what}; ${limit} are allowed.`);
}
