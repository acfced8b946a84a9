/** Hears every answer that HTTP servers of this process give, whoever asks and by whatever client. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, OutgoingHttpHeaders, Server, ServerResponse } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

const channel = 'http.server.request.start';

interface Started {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly server: Server;
}

const madeHere = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/**
 * @param isOurs by the port of the server
 * @param onAnswer path of the request; headers, as lines, and body of the answer; port of the server
 * @returns how to stop
 */
export function recordAnswers(
  isOurs: (port: number) => boolean,
  onAnswer: (path: string, text: string, port: number) => void,
): () => void {
  const listen = (message: unknown): void => {
    const { request, response, server } = message as Started;
    const address = server.address();
    if (typeof address !== 'object' || address === null || !isOurs(address.port)) return;
    const chunks: Buffer[] = [];
    const keep = (chunk: unknown): void => {
      if (typeof chunk === 'string' || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
    };
    const { write, end, writeHead } = response;
    // What is given to `writeHead` is not among what `getHeaders` gives.
    let headers: OutgoingHttpHeaders = {};
    response.writeHead = (...args: unknown[]) => {
      headers = { ...response.getHeaders(), ...(args.find(isRecord) as OutgoingHttpHeaders | undefined) };
      return writeHead.apply(response, args as unknown as Parameters<typeof writeHead>);
    };
    response.write = (...args: unknown[]) => {
      keep(args[0]);
      return write.apply(response, args as Parameters<typeof write>);
    };
    response.end = (...args: unknown[]) => {
      keep(args[0]);
      return end.apply(response, args as Parameters<typeof end>);
    };
    response.once('close', () => {
      const sent = { ...response.getHeaders(), ...headers };
      const body = decode(Buffer.concat(chunks), sent['content-encoding']);
      onAnswer(request.url ?? '', [...toLines(sent), '', body].join('\n'), address.port);
    });
  };
  subscribe(channel, listen);
  return () => void unsubscribe(channel, listen);
}

/** Without what is new in every answer: equal answers are kept once. */
function toLines(headers: OutgoingHttpHeaders): string[] {
  return Object.entries(headers)
    .filter(([name, value]) => name !== 'date' && !(name === 'x-request-id' && madeHere.test(`${value}`)))
    .flatMap(([name, value]) => [value].flat().map((each) => `${name}: ${each}`));
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function decode(body: Buffer, encoding: unknown): string {
  try {
    if (encoding === 'gzip') return gunzipSync(body).toString();
    return (encoding === 'br' ? brotliDecompressSync(body) : body).toString();
  } catch {
    // Cut off by whoever went away.
    return body.toString('latin1');
  }
}
