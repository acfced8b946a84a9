/** Prices an operation as the gateway does: analysed once, then computed from the variables of a request. */
import {
  type DocumentNode,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  parse,
} from 'graphql';
import type { CostDirectives } from '../../../gateway/demand/cost-directives.ts';
import { evaluatePrice, type Price } from '../../../gateway/demand/price.ts';
import { createPricing, type Pricing } from '../../../gateway/demand/pricing.ts';
import { analyseOperation } from '../../../gateway/operation/analyse.ts';
import { coerceVariables } from '../../../gateway/operation/variables.ts';
import { readAnalysis, writeAnalysis } from '../../../gateway/operation/written-analysis.ts';

export interface PricedSchema {
  readonly schema: GraphQLSchema;
  readonly directives: CostDirectives;
  readonly defaultListSize: number;
}

export type CostOf = (source: string, variables?: Readonly<Record<string, unknown>>) => number;

export function toCostOf(priced: PricedSchema): CostOf {
  return createCostOf(
    priced,
    (pricing, document, operation) => analyseOperation(priced.schema, pricing, document, operation).price,
  );
}

/** The same by what a bundle carries of the analysis, for another parse of the document. */
export function toWrittenCostOf(priced: PricedSchema): CostOf {
  const { schema } = priced;
  return createCostOf(priced, (pricing, document, operation, source) => {
    const analysis = analyseOperation(schema, pricing, document, operation);
    const text = writeAnalysis(document, analysis, pricing);
    const read = readAnalysis(text, schema, pricing, parse(source, { noLocation: true }));
    if (!read) throw new Error(`It cannot be read: ${text}`);
    return read.price;
  });
}

type PriceOperation = (
  pricing: Pricing,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  source: string,
) => Price;

function createCostOf(
  { schema, directives, defaultListSize }: PricedSchema,
  priceOperation: PriceOperation,
): CostOf {
  const pricing = createPricing(directives, defaultListSize);
  return (source, variables = {}) => {
    const document = parse(source);
    const operation = getOperationAST(document);
    if (!operation) throw new Error('The document holds several operations.');
    const price = priceOperation(pricing, document, operation, source);
    return evaluatePrice(price, coerceVariables(schema, operation, variables));
  };
}
