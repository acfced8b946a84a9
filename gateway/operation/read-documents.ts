/** Reads registered documents, and holds them to all limits that need no schema. */
import { buildSchema, type DocumentNode, parse, validate } from 'graphql';
import { createArmorRules } from './armor.ts';
import { checkSource, type SourceLimits } from './check-source.ts';

/** @throws GraphQLError for what is no GraphQL or refused by graphql-armor, RequestError for LIMIT_EXCEEDED */
export type ReadDocument = (source: string) => DocumentNode;

/** For one generation after the other: takes over what the one before had read under the same limits. */
export type ReadDocuments = (limits: SourceLimits) => ReadDocument;

/** graphql-armor's rules are run over a document and a schema, and look at the document alone. */
const anySchema = buildSchema('type Query { any: Boolean }', { assumeValid: true });

export function createReadDocuments(): ReadDocuments {
  let before: { readonly key: string; readonly documents: ReadonlyMap<string, DocumentNode> } | undefined;
  return (limits) => {
    const key = JSON.stringify(limits);
    const known = before?.key === key ? before.documents : undefined;
    const documents = new Map<string, DocumentNode>();
    before = { key, documents };
    const armor = createArmorRules(limits);
    const read = (source: string): DocumentNode => {
      checkSource(source, limits);
      const document = parse(source, { maxTokens: limits.maxTokens });
      const [problem] = validate(anySchema, document, armor, { maxErrors: 1 });
      if (problem) throw problem;
      return document;
    };
    return (source) => {
      const document = documents.get(source) ?? known?.get(source) ?? read(source);
      documents.set(source, document);
      return document;
    };
  };
}
