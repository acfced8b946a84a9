/** The prices that a supergraph states: `@cost` weights and `@listSize` by schema coordinate. */
import type { DocumentNode } from 'graphql';
import { findAppliedDirectives } from '../supergraph/applied-directives.ts';

export interface ListSize {
  /** Items to assume when no slicing argument says how many. */
  readonly assumedSize: number | undefined;
  /** Arguments that say how many items come; dots reach into input objects. */
  readonly slicingArguments: readonly string[];
  /** Paths to the lists below that hold the items, such as `edges` or `results.page`; empty when the field is the list. */
  readonly sizedFields: readonly string[];
  readonly requireOneSlicingArgument: boolean;
}

export interface CostDirectives {
  /** Weights by `Type`, `Type.field` and `Type.field(argument:)`. */
  readonly weights: ReadonlyMap<string, number>;
  /** List sizes by `Type.field`. */
  readonly listSizes: ReadonlyMap<string, ListSize>;
}

export function readCostDirectives(supergraph: DocumentNode): CostDirectives {
  const costs = findAppliedDirectives(supergraph, 'cost', 'cost');
  const sizes = findAppliedDirectives(supergraph, 'cost', 'listSize');
  return {
    // A negative weight would pay for something dear elsewhere in the operation.
    weights: new Map(
      [...costs].map(([coordinate, [cost]]) => [coordinate, Math.max(0, Number(cost?.weight))]),
    ),
    listSizes: new Map(
      [...sizes].map(([coordinate, [size]]) => [
        coordinate,
        {
          assumedSize: typeof size?.assumedSize === 'number' ? size.assumedSize : undefined,
          slicingArguments: toStrings(size?.slicingArguments),
          sizedFields: toStrings(size?.sizedFields).map(toPath),
          requireOneSlicingArgument: size?.requireOneSlicingArgument !== false,
        },
      ]),
    ),
  };
}

function toStrings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** `results { page }`, as a selection, is `results.page`. */
function toPath(selection: string): string {
  return selection.replaceAll(/\s*[{]\s*/g, '.').replaceAll(/[\s}]/g, '');
}
