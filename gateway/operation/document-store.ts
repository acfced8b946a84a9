/** Keeps parsed and valid documents by their hash: registered ones for good, any others while they are in use. */
import type { DocumentNode } from 'graphql';

export interface DocumentStore {
  get(key: string): Promise<DocumentNode | undefined>;
  set(key: string, document: DocumentNode): Promise<void>;
  delete(key: string): Promise<boolean>;
  /** Never makes room for others. */
  keep(documentHash: string, document: DocumentNode, source: string): void;
  /** Whether the document of this text is there. */
  knows(source: string): boolean;
}

/** @param maxDocuments of those that are not kept; the one unused for longest makes room */
export function createDocumentStore(maxDocuments: number): DocumentStore {
  const kept = new Map<string, DocumentNode>();
  const keptSources = new Set<string>();
  const recentSources = new Set<string>();
  const recent = new Map<string, DocumentNode>();
  // The server puts the schema's hash before the document's; a store belongs to one schema anyway.
  const toHash = (key: string): string => key.slice(key.lastIndexOf(':') + 1);
  const forget = (hash: string, document: DocumentNode): void => {
    recent.delete(hash);
    recentSources.delete(sourceOf(document));
  };
  return {
    async get(key) {
      const hash = toHash(key);
      const document = kept.get(hash) ?? recent.get(hash);
      if (document && recent.delete(hash)) recent.set(hash, document);
      return document;
    },
    async set(key, document) {
      const hash = toHash(key);
      if (kept.has(hash)) return;
      recent.set(hash, document);
      recentSources.add(sourceOf(document));
      const [oldest] = recent;
      if (recent.size > maxDocuments && oldest) forget(...oldest);
    },
    async delete(key) {
      const hash = toHash(key);
      const document = recent.get(hash);
      if (document) forget(hash, document);
      return document !== undefined;
    },
    keep(documentHash, document, source) {
      kept.set(documentHash, document);
      keptSources.add(source);
    },
    knows: (source) => keptSources.has(source) || recentSources.has(source),
  };
}

/** As the parser keeps it. */
function sourceOf({ loc }: DocumentNode): string {
  return loc?.source.body ?? '';
}
