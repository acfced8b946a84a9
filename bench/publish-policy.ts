/** The policy of a gateway that is fed while others publish: everyone may ask everything of the wide graph. */
import type { RuleTree } from '../gateway/access/policy.ts';
import { allow } from '../gateway/access/shield.ts';
import { wideMutationFields, wideTypes } from './swap-schema.ts';

export const roles = {};

export const rules: RuleTree = {
  ...Object.fromEntries(['Query', ...wideTypes].map((type) => [type, { '*': allow }])),
  // Each by its name: a policy opens mutations in no other way.
  Mutation: Object.fromEntries(wideMutationFields.map((field) => [field, allow])),
};
