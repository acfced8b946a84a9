/** Sends bytes that no HTTP client would send, and reads what comes back until the socket closes. */
import { connect } from 'node:net';

export interface RawAnswer {
  /** 0 when the socket was closed without an answer. */
  readonly status: number;
  /** Lower-case names; of several equal ones the last. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

const patienceMs = 5_000;

/**
 * Of several answers the first. Rejects when the socket stays open: add `Connection: close` to what is valid.
 * @param halfClosed says after the bytes that nothing more will come; a server may take that for a client gone
 */
export function sendRaw(url: string, bytes: string | Buffer, halfClosed = false): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), timeout: patienceMs });
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('timeout', () => socket.destroy(new Error(`The socket is open after ${patienceMs} ms.`)));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // A server that refuses in the middle of a large request resets the connection after its answer.
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.on('close', () => resolve(parseAnswer(Buffer.concat(chunks).toString('utf8'))));
    if (halfClosed) socket.end(bytes);
    else socket.write(bytes);
  });
}

function parseAnswer(received: string): RawAnswer {
  const [head = '', rest = ''] = splitOnce(received, '\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => splitOnce(line, ':')).map(([name, value]) => [name.toLowerCase(), value.trim()]),
  );
  const bytes = Number(headers['content-length'] ?? 0);
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1] ?? 0),
    headers,
    text: Buffer.from(rest).subarray(0, bytes).toString('utf8'),
  };
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
