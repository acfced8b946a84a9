/** Keeps the documents that clients register by sending them; the one unused for longest makes room. */

export interface AutomaticDocuments {
  get(documentId: string): string | undefined;
  set(documentId: string, text: string): void;
}

export interface AutomaticDocumentsOptions {
  readonly maxDocuments: number;
  /** Of all texts together, at two bytes for each UTF-16 unit. */
  readonly maxBytes: number;
}

export function createAutomaticDocuments({
  maxDocuments,
  maxBytes,
}: AutomaticDocumentsOptions): AutomaticDocuments {
  const texts = new Map<string, string>();
  let bytes = 0;
  const remove = (documentId: string): string | undefined => {
    const text = texts.get(documentId);
    if (text !== undefined && texts.delete(documentId)) bytes -= bytesOf(text);
    return text;
  };
  const add = (documentId: string, text: string): void => {
    texts.set(documentId, text);
    bytes += bytesOf(text);
  };
  return {
    get(documentId) {
      const text = remove(documentId);
      if (text !== undefined) add(documentId, text);
      return text;
    },
    set(documentId, text) {
      remove(documentId);
      add(documentId, text);
      for (const oldest of texts.keys()) {
        if (texts.size <= maxDocuments && bytes <= maxBytes) return;
        remove(oldest);
      }
    },
  };
}

function bytesOf(text: string): number {
  return text.length * 2;
}
