/** Reads over JSON before it is parsed: what is too deep, too much or could be read in two ways is never built. */
import { RequestError } from './errors.ts';

export interface JsonLimits {
  /** Keys of all objects together. */
  readonly maxVariableKeys: number;
  /** Objects and lists within each other. */
  readonly maxVariableDepth: number;
  /** Items of one list. */
  readonly maxVariableItems: number;
}

const quote = 0x22;
const backslash = 0x5c;
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];
const [comma, colon, minus, zero, nine] = [0x2c, 0x3a, 0x2d, 0x30, 0x39];

/** Digits up to which every whole number is exact. */
const exactDigits = 15;

const otherInNumber = new Set(['.', 'e', 'E', '+', '-']);

/**
 * One pass, without recursion. Text that is no JSON may pass: the parser refuses it.
 *
 * @param depthBefore objects that the text stands in already
 * @throws LIMIT_EXCEEDED; BAD_REQUEST for a list or for a key that is there twice at the top; BAD_USER_INPUT for a
 *   number that would be passed on as another
 */
export function scanJson(text: string, limits: JsonLimits, depthBefore = 0): void {
  // The request itself is the outermost object, variables stand in it.
  const maxDepth = limits.maxVariableDepth + 1 - depthBefore;
  const topKeys = new Set<string>();
  /** For each open list the items begun, for each open object -1. */
  const items: number[] = [];
  let keys = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === quote) {
      const end = endOfString(text, at);
      if (items.length === 1 && isKey(text, end)) addKey(topKeys, text.slice(at, end));
      at = end - 1;
    } else if (char === colon) {
      keys += 1;
      if (keys > limits.maxVariableKeys)
        throw new RequestError('LIMIT_EXCEEDED', `Send at most ${limits.maxVariableKeys} keys.`);
    } else if (char === comma) {
      const last = items.length - 1;
      const count = items[last] ?? -1;
      if (count < 0) continue;
      if (count >= limits.maxVariableItems)
        throw new RequestError('LIMIT_EXCEEDED', `Send at most ${limits.maxVariableItems} items in a list.`);
      items[last] = count + 1;
    } else if (char === openBrace || char === openBracket) {
      if (items.length === 0 && depthBefore === 0 && char === openBracket)
        throw new RequestError('BAD_REQUEST', 'Batching is disabled: send one operation per request.');
      if (items.length >= maxDepth)
        throw new RequestError(
          'LIMIT_EXCEEDED',
          `Nest variables at most ${limits.maxVariableDepth} levels deep.`,
        );
      items.push(char === openBrace ? -1 : 1);
    } else if (char === closeBrace || char === closeBracket) {
      items.pop();
    } else if (char === minus || isDigit(char)) {
      at = endOfNumber(text, at) - 1;
    }
  }
}

/** After the closing quote; the end of the text if there is none. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1) {
    let first = end;
    while (text.charCodeAt(first - 1) === backslash) first -= 1;
    // An even number of backslashes escape each other, not the quote.
    if ((end - first) % 2 === 0) return end + 1;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}

function isKey(text: string, end: number): boolean {
  let at = end;
  while (text.charCodeAt(at) <= 0x20) at += 1;
  return text.charCodeAt(at) === colon;
}

function addKey(keys: Set<string>, quoted: string): void {
  const key = quoted.includes('\\') ? readKey(quoted) : quoted.slice(1, -1);
  if (keys.has(key)) throw new RequestError('BAD_REQUEST', 'The body has a key twice.');
  keys.add(key);
}

/** What cannot be unescaped is left for the parser to refuse. */
function readKey(quoted: string): string {
  try {
    return JSON.parse(quoted);
  } catch {
    return quoted;
  }
}

/** @throws BAD_USER_INPUT for infinity, for a whole number that is rounded, and for minus zero */
function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  while (isDigit(text.charCodeAt(end))) end += 1;
  const isPlain = text.charCodeAt(start) !== minus && !otherInNumber.has(text.charAt(end));
  if (isPlain && end - start <= exactDigits) return end;
  while (isDigit(text.charCodeAt(end)) || otherInNumber.has(text.charAt(end))) end += 1;
  const token = text.slice(start, end);
  if (!isExact(token))
    throw new RequestError(
      'BAD_USER_INPUT',
      `The number ${token.slice(0, 40)} would not arrive as it is: send text.`,
    );
  return end;
}

function isDigit(char: number): boolean {
  return char >= zero && char <= nine;
}

function isExact(token: string): boolean {
  const value = Number(token);
  if (Number.isNaN(value)) return true; // no number, which the parser refuses
  if (!Number.isFinite(value) || Object.is(value, -0)) return false;
  const isWhole = /^-?\d+$/.test(token);
  return !isWhole || token.length <= exactDigits || BigInt(token) === BigInt(value);
}
