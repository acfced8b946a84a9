/** Keeps parsed and valid documents by their hash: registered ones for good, any others while they are in use. */
import type { DocumentNode } from 'graphql';

export interface DocumentStore {
  get(key: string): Promise<DocumentNode | undefined>;
  set(key: string, document: DocumentNode): Promise<void>;
  delete(key: string): Promise<boolean>;
  /** Never makes room for others. */
  keep(documentHash: string, document: DocumentNode, source: string): void;
  /** Whether the document of this text is kept. */
  keeps(source: string): boolean;
}

/** @param maxDocuments of those that are not kept; the one unused for longest makes room */
export function createDocumentStore(maxDocuments: number): DocumentStore {
  const kept = new Map<string, DocumentNode>();
  const keptSources = new Set<string>();
  const recent = new Map<string, DocumentNode>();
  // The server puts the schema's hash before the document's; a store belongs to one schema anyway.
  const toHash = (key: string): string => key.slice(key.lastIndexOf(':') + 1);
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
      const [oldest] = recent.keys();
      if (recent.size > maxDocuments && oldest !== undefined) recent.delete(oldest);
    },
    async delete(key) {
      return recent.delete(toHash(key));
    },
    keep(documentHash, document, source) {
      kept.set(documentHash, document);
      keptSources.add(source);
    },
    keeps: (source) => keptSources.has(source),
  };
}
