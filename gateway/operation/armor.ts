/** A second net over documents, by graphql-armor: depth, aliases and directives. Our own limits come after it. */
import { ApolloArmor } from '@escape.tech/graphql-armor';
import type { GraphQLError, ValidationContext, ValidationRule } from 'graphql';
import { RequestError } from '../errors.ts';
import type { SizeLimits } from './check-size.ts';

type ArmorLimits = Pick<SizeLimits, 'maxDepth' | 'maxAliases' | 'maxDirectives'>;

/** The rules report LIMIT_EXCEEDED. */
export function createArmorRules(limits: ArmorLimits): ValidationRule[] {
  const reporting = { exposeLimits: true, propagateOnRejection: false, onReject: [reportLimit] };
  const armor = new ApolloArmor({
    maxDepth: { n: limits.maxDepth, flattenFragments: true, ...reporting },
    maxAliases: { n: limits.maxAliases, allowList: [], ...reporting },
    maxDirectives: { n: limits.maxDirectives, ...reporting },
    // Blind to variables; demand/ prices operations instead.
    costLimit: { enabled: false },
    // Answers 500 on a breach; the parser's own limit answers 400.
    maxTokens: { enabled: false },
    // Misses two of the suggestion texts; the server hides them all.
    blockFieldSuggestion: { enabled: false },
  });
  return armor.protect().validationRules;
}

function reportLimit(context: ValidationContext | null, { message }: GraphQLError): void {
  context?.reportError(new RequestError('LIMIT_EXCEEDED', message.replace(/^Syntax Error: /, '')));
}
