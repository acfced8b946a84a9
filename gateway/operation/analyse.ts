/** Stage 11: one pass over an operation: what it may reach, in whose names it must be judged, and what it costs. */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isCompositeType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  typeFromAST,
} from 'graphql';
import type { Price } from '../demand/price.ts';
import type { Pricing, Sizes } from '../demand/pricing.ts';
import { checkSizes, type SizeLimits } from './check-size.ts';
import { measureOperations } from './measure.ts';
import { createScopes, type Scope } from './scopes.ts';
import { readAnalysis } from './written-analysis.ts';

/** A field as selected somewhere in the operation. `@skip` and `@include` are ignored: it might be asked. */
export interface FieldUse {
  /** Every object and interface type whose rule for the field applies here; first the one that it is selected of. */
  readonly typeNames: readonly string[];
  readonly field: GraphQLField<unknown, unknown>;
  readonly node: FieldNode;
}

export interface OperationAnalysis {
  readonly operation: OperationDefinitionNode;
  readonly fields: readonly FieldUse[];
  /** Object, interface and union types that some field returns. */
  readonly returnedTypes: ReadonlySet<string>;
  /** Estimated, before anything is fetched. */
  readonly price: Price;
}

export type Analyse = (
  document: DocumentNode,
  operationName: string | undefined,
  /** By `writeAnalysis`, where it has been analysed already; for what does not fit it is analysed here. */
  written?: string,
) => OperationAnalysis | undefined;

/**
 * Analyses each operation of each document once; the memory goes when the document is forgotten. The function throws
 * LIMIT_EXCEEDED for a document that is too large, and gives `undefined` when the name names no operation of it.
 */
export function createAnalyse(schema: GraphQLSchema, pricing: Pricing, limits: SizeLimits): Analyse {
  const known = new WeakMap<OperationDefinitionNode, OperationAnalysis>();
  return (document, operationName, written) => {
    const operation = getOperationAST(document, operationName);
    if (!operation) return undefined;
    const analysed = known.get(operation);
    if (analysed) return analysed;
    const read = written === undefined ? undefined : readAnalysis(written, schema, pricing, document);
    checkSizes(read?.sizes ?? measureOperations(document), limits);
    const analysis = read
      ? { operation, fields: read.fields, returnedTypes: read.returnedTypes, price: read.price }
      : analyseOperation(schema, pricing, document, operation);
    known.set(operation, analysis);
    return analysis;
  };
}

/** What is the same for a selection set wherever it is met with the same of these. */
interface Visit {
  readonly type: GraphQLCompositeType;
  readonly scope: Scope;
  readonly sizes: Sizes | undefined;
  readonly price: Price;
}

/**
 * A selection set is visited once per type, set of object types possible there, and list sizes handed down to it.
 * Expects a document that validates against the schema and is within the limits on its size.
 */
export function analyseOperation(
  schema: GraphQLSchema,
  pricing: Pricing,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): OperationAnalysis {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const scopes = createScopes(schema);
  const fields: FieldUse[] = [];
  const returnedTypes = new Set<string>();
  const visits = new Map<SelectionSetNode, Visit[]>();

  const visit = (
    selectionSet: SelectionSetNode,
    type: GraphQLCompositeType,
    scope: Scope,
    sizes: Sizes | undefined,
  ): Price => {
    const earlier = visits.get(selectionSet) ?? [];
    const same = earlier.find((one) => one.type === type && one.scope === scope && one.sizes === sizes);
    if (same) return same.price;
    const price = pricing.sum(
      selectionSet.selections.map((selection) =>
        pricing.ifIncluded(selection, visitSelection(selection, type, scope, sizes)),
      ),
    );
    visits.set(selectionSet, [...earlier, { type, scope, sizes, price }]);
    return price;
  };

  const visitSelection = (
    selection: SelectionNode,
    type: GraphQLCompositeType,
    scope: Scope,
    sizes: Sizes | undefined,
  ): Price => {
    if (selection.kind === Kind.FIELD) return visitField(selection, type, scope, sizes);
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    if (!fragment) return 0;
    const condition = fragment.typeCondition ? typeFromAST(schema, fragment.typeCondition) : type;
    if (!isCompositeType(condition)) return 0;
    const narrowed = scopes.narrow(scope, condition);
    return narrowed ? visit(fragment.selectionSet, condition, narrowed, sizes) : 0;
  };

  const visitField = (
    node: FieldNode,
    type: GraphQLCompositeType,
    scope: Scope,
    handedDown: Sizes | undefined,
  ): Price => {
    const field = 'getFields' in type ? type.getFields()[node.name.value] : undefined;
    if (!field) return 0; // `__typename`, or introspection, which is no field of the schema's own types
    fields.push({ typeNames: scopes.judgesOf(field.name, type, scope), field, node });
    const { sizes, withSelections } = pricing.priceField({ type, field, node }, handedDown);
    const returned = getNamedType(field.type);
    if (!isCompositeType(returned) || !node.selectionSet) return withSelections(0);
    returnedTypes.add(returned.name);
    return withSelections(visit(node.selectionSet, returned, scopes.of(returned), sizes));
  };

  const root = schema.getRootType(operation.operation);
  const selections = root ? visit(operation.selectionSet, root, scopes.of(root), undefined) : 0;
  return { operation, fields, returnedTypes, price: pricing.priceOperation(operation.operation, selections) };
}
