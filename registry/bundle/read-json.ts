/** Reads JSON of megabytes piece by piece, for whoever lets others have the thread between one piece and the next. */

const pieceBytes = 65_536;
const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

/** Yields after each piece, and returns what `JSON.parse` does. @throws SyntaxError */
export function* readJson(bytes: Buffer): Generator<undefined, unknown> {
  const [first, last] = [bytes[0], bytes.at(-1)];
  if (bytes.length > pieceBytes && first === openBrace && last === closeBrace)
    return yield* readObject(bytes.subarray(1, -1));
  if (bytes.length > pieceBytes && first === openBracket && last === closeBracket)
    return yield* readList(bytes.subarray(1, -1));
  return parse(bytes);
}

function* readList(bytes: Buffer): Generator<undefined, unknown[]> {
  const items: unknown[] = [];
  for (const { piece, isSingle } of yield* toPieces(bytes)) {
    if (isSingle) items.push(yield* readJson(piece));
    else for (const item of parse(piece, '[', ']') as unknown[]) items.push(item);
    yield;
  }
  return items;
}

function* readObject(bytes: Buffer): Generator<undefined, object> {
  const entries: [string, unknown][] = [];
  for (const { piece, isSingle } of yield* toPieces(bytes)) {
    if (isSingle) {
      const keyEnd = endOfString(piece, piece.indexOf(quote));
      if (piece[keyEnd] !== colon) throw new SyntaxError('A key is not followed by a colon.');
      entries.push([parse(piece.subarray(0, keyEnd)) as string, yield* readJson(piece.subarray(keyEnd + 1))]);
    } else for (const entry of Object.entries(parse(piece, '{', '}') as object)) entries.push(entry);
    yield;
  }
  return Object.fromEntries(entries);
}

interface Piece {
  /** Members with the commas between them. */
  readonly piece: Buffer;
  /** One member alone, because it is longer than a piece. */
  readonly isSingle: boolean;
}

/** @param bytes what stands between the brackets */
function* toPieces(bytes: Buffer): Generator<undefined, readonly Piece[]> {
  const pieces: Piece[] = [];
  let [from, memberFrom, pauseAt, depth] = [0, 0, pieceBytes, 0];
  const add = (to: number, isSingle: boolean): void => {
    if (to <= from) throw new SyntaxError('Something is missing between two commas.');
    pieces.push({ piece: bytes.subarray(from, to), isSingle });
    from = to + 1;
  };
  const endMember = (to: number): void => {
    const isLong = to - memberFrom > pieceBytes;
    if (memberFrom > from && (isLong || to - from > pieceBytes)) add(memberFrom - 1, false);
    if (isLong) add(to, true);
    memberFrom = to + 1;
  };
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === quote) at = endOfString(bytes, at) - 1;
    else if (byte === openBrace || byte === openBracket) depth += 1;
    else if (byte === closeBrace || byte === closeBracket) depth -= 1;
    else if (byte === comma && depth === 0) endMember(at);
    if (at < pauseAt) continue;
    pauseAt = at + pieceBytes;
    yield;
  }
  endMember(bytes.length);
  if (from <= bytes.length) add(bytes.length, false);
  return pieces;
}

/** After the closing quote. @throws SyntaxError where there is none */
function endOfString(bytes: Buffer, start: number): number {
  for (let end = bytes.indexOf(quote, start + 1); end >= 0; end = bytes.indexOf(quote, end + 1)) {
    let first = end;
    while (bytes[first - 1] === backslash) first -= 1;
    // An even number of backslashes escape each other, not the quote.
    if ((end - first) % 2 === 0) return end + 1;
  }
  throw new SyntaxError('A text does not end.');
}

function parse(bytes: Buffer, before = '', after = ''): unknown {
  return JSON.parse(`${before}${bytes.toString('utf8')}${after}`);
}
