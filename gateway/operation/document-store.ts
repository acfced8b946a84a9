/** Keeps parsed and valid documents by their text: registered ones for good, any others while they are in use. */
import type { DocumentNode } from 'graphql';

export interface KnownDocument {
  readonly document: DocumentNode;
  readonly source: string;
  /** Names the document in caches: SHA-256 of `source`. */
  readonly documentHash: string;
}

export interface DocumentStore {
  find(source: string): KnownDocument | undefined;
  add(known: KnownDocument): void;
  /** Never makes room for others. */
  keep(known: KnownDocument): void;
}

/** @param maxDocuments of those that are not kept; the one unused for longest makes room */
export function createDocumentStore(maxDocuments: number): DocumentStore {
  const kept = new Map<string, KnownDocument>();
  const recent = new Map<string, KnownDocument>();
  return {
    find(source) {
      const registered = kept.get(source);
      if (registered) return registered;
      const known = recent.get(source);
      if (known && recent.delete(source)) recent.set(source, known);
      return known;
    },
    add(known) {
      if (kept.has(known.source)) return;
      recent.set(known.source, known);
      const [oldest] = recent.keys();
      if (recent.size > maxDocuments && oldest !== undefined) recent.delete(oldest);
    },
    keep(known) {
      recent.delete(known.source);
      kept.set(known.source, known);
    },
  };
}
