/** Compresses an answer off the main thread, by what the client accepts. */
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

export type Encoding = 'br' | 'gzip';

/** Smaller ones hardly shrink, and fit a packet as they are. */
const minBytes = 1_024;

const brotli = promisify(brotliCompress);
const gzipAsync = promisify(gzip);

export function isWorthCompressing(text: string): boolean {
  return Buffer.byteLength(text) >= minBytes;
}

/** Of what the client accepts alike, Brotli first. `undefined` to send the text as it is. */
export function chooseEncoding(acceptEncoding: string | string[] | undefined): Encoding | undefined {
  if (acceptEncoding === undefined) return undefined;
  const qualities = new Map(`${acceptEncoding}`.toLowerCase().split(',', 20).map(parseCoding));
  const quality = (coding: string): number => qualities.get(coding) ?? qualities.get('*') ?? 0;
  const [br, gz] = [quality('br'), quality('gzip')];
  if (br > 0 && br >= gz) return 'br';
  return gz > 0 ? 'gzip' : undefined;
}

/** Name and quality; what is no quality counts as 0. */
function parseCoding(text: string): [string, number] {
  const [name = '', ...parameters] = text.split(';').map((part) => part.trim());
  const given = parameters.find((parameter) => parameter.startsWith('q='));
  return [name, given === undefined ? 1 : Number(given.slice(2)) || 0];
}

export function compress(text: string, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'gzip') return gzipAsync(text);
  const params = {
    // Higher ones save little more of JSON, and cost many times as much.
    [constants.BROTLI_PARAM_QUALITY]: 4,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
  };
  return brotli(text, { params });
}
