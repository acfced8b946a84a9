/** The ways in which a subgraph can go wrong. */
import type { ServerResponse } from 'node:http';
import type { Misbehaviour } from './test-subgraph.ts';

/** An object is sent as JSON, a string or bytes as they are. */
export function answering(
  body: object | string | Buffer,
  status = 200,
  headers: Readonly<Record<string, string | string[]>> = {},
): Misbehaviour {
  // Ready beforehand: what it costs to make a long answer is no hold of who reads it.
  const bytes = Buffer.isBuffer(body)
    ? body
    : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(bytes);
  };
}

/** As many bytes as wanted, no faster than they are taken. */
export function streaming(totalBytes: number): Misbehaviour {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"data":{"user":{"id":"');
    flood(response, totalBytes);
  };
}

const block = Buffer.alloc(65_536, 'a');

function flood(response: ServerResponse, bytes: number): void {
  let left = bytes;
  const send = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= block.length;
      if (!response.write(block)) {
        response.once('drain', send);
        return;
      }
    }
    response.end('"}}}');
  };
  send();
}

/** Accepts the request and says nothing. */
export const silent: Misbehaviour = () => {};

export const silentAfterHeaders: Misbehaviour = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
};

/** Never quiet for as long as an idle timer would wait. */
export const trickling: Misbehaviour = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 50);
  response.on('close', () => clearInterval(timer));
};

export const resetting: Misbehaviour = (request) => {
  request.socket.resetAndDestroy();
};

/** Half of what it promised, then the end of the connection. */
export const breakingOff: Misbehaviour = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"data":{"user"', () => response.destroy());
};
