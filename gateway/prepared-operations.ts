/** What is known of registered operations ahead: put together by a registry, and taken over by gateways where they can. */
import type { Bundle } from '../registry/bundle/bundle.ts';
import { analysisFormat } from './operation/written-analysis.ts';
import { type PreparedPlan, type PreparedPlans, planFormat } from './planning/prepared-plans.ts';
import { defaultListSize } from './settings/limit-settings.ts';

/** @param apiSchemaSdl what clients may ask @param plans made by this version of Minigate */
export function toPreparedPlans(apiSchemaSdl: string, plans: readonly PreparedPlan[]): PreparedPlans {
  return { planFormat, apiSchemaSdl, analyses: { format: analysisFormat, defaultListSize }, plans };
}

/** Documents are told by their SHA-256, in hexadecimal. */
export interface PreparedOperations {
  /** Whether it was found valid against the schema. */
  isValid(documentHash: string): boolean;
  /** Of one of its operations, as text. */
  analysisOf(documentHash: string, operationName: string): string | undefined;
}

/**
 * No analysis is given that is of another format, or priced by other sizes than this gateway's.
 *
 * @param bundle the registry analysed its documents only because they are valid; it is trusted in this as in its schema
 */
export function toPreparedOperations(
  bundle: Bundle | undefined,
  assumedListSize: number,
): PreparedOperations {
  const { plans = [], analyses } = bundle?.prepared ?? {};
  const isOurs = analyses?.format === analysisFormat && analyses.defaultListSize === assumedListSize;
  const valid = new Set(plans.map(({ document }) => document));
  const written = new Map(
    isOurs
      ? plans.map(({ document, operationName, analysis }) => [`${document} ${operationName}`, analysis])
      : [],
  );
  return {
    isValid: (documentHash) => valid.has(documentHash),
    analysisOf: (documentHash, operationName) => written.get(`${documentHash} ${operationName}`),
  };
}
