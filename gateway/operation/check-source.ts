/** Looks over a document before it is validated, and its text before it is parsed: both take time and stack by its size. */
import { type DocumentNode, parse } from 'graphql';
import { RequestError } from '../errors.ts';
import { checkSize, type SizeLimits } from './check-size.ts';
import { countRepeats } from './count-repeats.ts';

export interface SourceLimits extends SizeLimits {
  readonly maxDocumentBytes: number;
  /** Braces, brackets and parentheses within each other. */
  readonly maxNesting: number;
  readonly maxTokens: number;
  /** Fields asked again under the same name at the same place. */
  readonly maxRepeats: number;
}

/** What is no GraphQL may pass: whoever parses it next reports that. @throws LIMIT_EXCEEDED */
export function checkSource(source: string, limits: SourceLimits): void {
  const { maxDocumentBytes, maxNesting, maxTokens, maxRepeats } = limits;
  if (Buffer.byteLength(source) > maxDocumentBytes)
    throw new RequestError('LIMIT_EXCEEDED', `A document may have at most ${maxDocumentBytes} bytes.`);
  if (isNestedDeeper(source, maxNesting))
    throw new RequestError('LIMIT_EXCEEDED', `A document may be nested at most ${maxNesting} levels deep.`);
  const document = tryParse(source, maxTokens);
  if (!document) return;
  checkSize(document, limits);
  if (countRepeats(document) > maxRepeats)
    throw new RequestError(
      'LIMIT_EXCEEDED',
      `A document may ask at most ${maxRepeats} fields again under the same name at the same place.`,
    );
}

function tryParse(source: string, maxTokens: number): DocumentNode | undefined {
  try {
    return parse(source, { maxTokens, noLocation: true });
  } catch {
    return undefined;
  }
}

/** Brackets in strings and comments do not count. */
export function isNestedDeeper(source: string, maxNesting: number): boolean {
  let depth = 0;
  for (let at = 0; at < source.length; at += 1) {
    switch (source[at]) {
      case '{':
      case '[':
      case '(':
        depth += 1;
        if (depth > maxNesting) return true;
        break;
      case '}':
      case ']':
      case ')':
        depth -= 1;
        break;
      case '"':
        at = source.startsWith('"""', at) ? endOfBlockString(source, at + 3) : endOfString(source, at + 1);
        break;
      case '#':
        while (at < source.length && !isLineEnd(source[at])) at += 1;
        break;
    }
  }
  return false;
}

/** At the closing quote. The parser gets no further than a line end, so neither need we. */
function endOfString(source: string, start: number): number {
  for (let at = start; at < source.length; at += 1) {
    const char = source[at];
    if (char === '"') return at;
    if (isLineEnd(char)) return source.length;
    if (char === '\\') at += 1;
  }
  return source.length;
}

/** At the last of the closing quotes. */
function endOfBlockString(source: string, start: number): number {
  let quotes = source.indexOf('"""', start);
  while (quotes > start && source[quotes - 1] === '\\') quotes = source.indexOf('"""', quotes + 3);
  return quotes === -1 ? source.length : quotes + 2;
}

function isLineEnd(char: string | undefined): boolean {
  return char === '\n' || char === '\r';
}
