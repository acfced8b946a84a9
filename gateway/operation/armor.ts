/** A second net over documents, by graphql-armor: depth, aliases and directives. Our own limits come after it. */
import { ApolloArmor } from '@escape.tech/graphql-armor';
import type { ValidationRule } from 'graphql';

export interface DocumentLimits {
  /** Nested fields, fragments not counted as levels. */
  readonly maxDepth: number;
  readonly maxAliases: number;
  readonly maxDirectives: number;
}

export function createArmorRules(limits: DocumentLimits): ValidationRule[] {
  const armor = new ApolloArmor({
    maxDepth: { n: limits.maxDepth, flattenFragments: true, exposeLimits: true },
    maxAliases: { n: limits.maxAliases, allowList: [], exposeLimits: true },
    maxDirectives: { n: limits.maxDirectives, exposeLimits: true },
    // Blind to variables; demand/ prices operations instead.
    costLimit: { enabled: false },
    // Answers 500 on a breach; the parser's own limit answers 400.
    maxTokens: { enabled: false },
    // Misses two of the suggestion texts; the server hides them all.
    blockFieldSuggestion: { enabled: false },
  });
  return armor.protect().validationRules;
}
