/** Answers that no subgraph should give: one far too large, and one that is small until it is decompressed. */
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

const megabyte = 1024 * 1024;

export interface HostileAnswer {
  /** What it is, for the report. */
  readonly title: string;
  send(response: ServerResponse): Promise<void>;
}

/** By path; each answers the field that the light operation asks. */
export const hostileAnswers: ReadonlyMap<string, HostileAnswer> = new Map([
  ['/hostile/large', { title: '60 MB answer', send: (response) => sendLarge(response, 60) }],
  [
    '/hostile/gzip-bomb',
    { title: 'gzip bomb, 150 KB to 150 MB', send: (response) => sendBomb(response, 150) },
  ],
]);

/** In chunks, so that no length announces its size. */
async function sendLarge(response: ServerResponse, megabytes: number): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json' });
  await pipeline(Readable.from(answerOf(megabytes)), response);
}

async function sendBomb(response: ServerResponse, megabytes: number): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
  await pipeline(Readable.from(answerOf(megabytes)), createGzip({ level: 9 }), response);
}

/** One product with a name of the size given. */
function* answerOf(megabytes: number): Generator<Buffer> {
  const block = Buffer.alloc(megabyte, 'x');
  yield Buffer.from('{"data":{"topProducts":[{"__typename":"Product","upc":"1","name":"');
  for (let sent = 0; sent < megabytes; sent += 1) yield block;
  yield Buffer.from('","price":1}]}}');
}
