/** The settings of what one request may ask: its bytes, its document, its variables, its price and its time. */
import { z } from 'zod';

/** Items to assume for a list that nothing sizes, unless the settings say otherwise. */
export const defaultListSize = 10;

const positive = (fallback: number) => z.int().positive().default(fallback);

export const limitSettings = z.strictObject({
  maxBodyBytes: positive(262_144).describe('Largest request body.'),
  requestTimeoutMs: positive(10_000).describe('How long a request may take as a whole.'),
  shutdownGraceMs: positive(10_000).describe('How long requests in flight may still take at the end.'),
  maxDocumentBytes: positive(32_768).describe('Longest document.'),
  maxNesting: positive(64).describe('Braces, brackets and parentheses within each other in a document.'),
  maxTokens: positive(2_000).describe('Largest document, in tokens.'),
  maxDocuments: positive(1_000).describe('Documents kept parsed and planned beside the registered ones.'),
  maxDepth: positive(12).describe('Deepest nesting of fields.'),
  maxAliases: positive(30).describe('Most aliases in an operation, its fragments written out.'),
  maxDirectives: positive(30).describe('Most directives in an operation, its fragments written out.'),
  maxRepeats: positive(100).describe(
    'Most fields asked again under the same name at the same place; three pairs of fragments side by side count as one.',
  ),
  maxRootFields: positive(20).describe('Most fields of Query in an operation.'),
  maxRootAliases: positive(10).describe('Most fields of Query or Mutation with an alias.'),
  maxMutations: positive(5).describe('Most fields of Mutation in an operation.'),
  maxSelections: positive(2_000).describe('Most fields in an operation, its fragments written out.'),
  maxCost: positive(2_000).describe('Highest estimated cost of one request.'),
  maxCostByRole: z
    .record(z.string(), z.int().positive())
    .default({})
    .describe('Other ceilings by role; GUEST is who has not logged in.'),
  costMode: z
    .enum(['enforce', 'measure'])
    .default('enforce')
    .describe('`measure` refuses nothing for its cost, but counts and logs what would have been.'),
  maxVariableKeys: positive(5_000).describe('Most keys of all objects in a request together.'),
  maxVariableDepth: positive(20).describe('Deepest nesting of objects and lists in the variables.'),
  maxVariableItems: positive(1_000).describe('Most items of a list in the variables.'),
  defaultListSize: positive(defaultListSize).describe('Items to assume for a list that nothing sizes.'),
});
