/** Sends bytes that no HTTP client would send, and reads what comes back until the socket closes. */
import { connect } from 'node:net';

export interface RawAnswer {
  /** 0 when the socket was closed without an answer. */
  readonly status: number;
  /** Lower-case names; of several equal ones the last. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

const patienceMs = 15_000;

export interface RawConnection {
  send(bytes: string | Buffer): void;
  /** The last bytes; the other side learns that nothing more will come. */
  end(bytes: string | Buffer): void;
  /** Goes away without a word. */
  abort(): void;
  /** All that came so far. */
  received(): string;
  /** Resolves once the text has come; rejects when the socket closes before. */
  waitFor(text: string): Promise<void>;
  /** Of several answers the first, once the socket is closed. Rejects when it stays open. */
  readonly answer: Promise<RawAnswer>;
}

export function openRaw(url: string): RawConnection {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), timeout: patienceMs });
  const chunks: Buffer[] = [];
  const received = (): string => Buffer.concat(chunks).toString('utf8');
  const answer = new Promise<RawAnswer>((resolve, reject) => {
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('timeout', () => socket.destroy(new Error(`The socket is open after ${patienceMs} ms.`)));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // A server that refuses in the middle of a large request resets the connection after its answer.
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.on('close', () => resolve(parseAnswer(received())));
  });
  return {
    send: (bytes) => void socket.write(bytes),
    end: (bytes) => void socket.end(bytes),
    abort: () => void socket.resetAndDestroy(),
    received,
    waitFor: (text) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (!received().includes(text)) return;
          socket.off('data', check);
          resolve();
        };
        socket.on('data', check);
        check();
        socket.on('close', () => reject(new Error(`It closed after: ${received()}`)));
      }),
    answer,
  };
}

/**
 * Add `Connection: close` to what is valid: the answer is read until the socket closes.
 * @param halfClosed says after the bytes that nothing more will come; a server may take that for a client gone
 */
export function sendRaw(url: string, bytes: string | Buffer, halfClosed = false): Promise<RawAnswer> {
  const connection = openRaw(url);
  if (halfClosed) connection.end(bytes);
  else connection.send(bytes);
  return connection.answer;
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
