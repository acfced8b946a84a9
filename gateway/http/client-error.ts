/** Answers what the HTTP parser refuses, before there is a request, in the shape of every other refusal; then closes. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { RequestError, toErrorBody } from '../errors.ts';

export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (socket.writable && error.code !== 'ECONNRESET') {
    const refusal = toRefusal(error.code);
    const body = JSON.stringify(toErrorBody(refusal));
    const head = [
      `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`,
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      'cache-control: no-store',
      'x-content-type-options: nosniff',
      'connection: close',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  }
  socket.destroy(error);
}

function toRefusal(code: string | undefined): RequestError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new RequestError('HEADERS_TOO_LARGE', 'The headers are too large.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new RequestError('REQUEST_TIMEOUT', 'The request did not come in time.');
    default:
      return new RequestError('BAD_REQUEST', 'This is not HTTP as it is spoken here.');
  }
}
