/** Prices an operation as the gateway does: analysed once, then computed from the variables of a request. */
import { type GraphQLSchema, getOperationAST, parse } from 'graphql';
import type { CostDirectives } from '../../../gateway/demand/cost-directives.ts';
import { evaluatePrice } from '../../../gateway/demand/price.ts';
import { createPricing } from '../../../gateway/demand/pricing.ts';
import { analyseOperation } from '../../../gateway/operation/analyse.ts';
import { coerceVariables } from '../../../gateway/operation/variables.ts';

export interface PricedSchema {
  readonly schema: GraphQLSchema;
  readonly directives: CostDirectives;
  readonly defaultListSize: number;
}

export type CostOf = (source: string, variables?: Readonly<Record<string, unknown>>) => number;

export function toCostOf({ schema, directives, defaultListSize }: PricedSchema): CostOf {
  const pricing = createPricing(directives, defaultListSize);
  return (source, variables = {}) => {
    const document = parse(source);
    const operation = getOperationAST(document);
    if (!operation) throw new Error('The document holds several operations.');
    const { price } = analyseOperation(schema, pricing, document, operation);
    return evaluatePrice(price, coerceVariables(schema, operation, variables));
  };
}
