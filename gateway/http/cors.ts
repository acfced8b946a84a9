/** Pages of other origins: those that are listed may ask, and no other can make its visitor's browser ask for it. */
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { RequestError } from '../errors.ts';

const allowedMethods = 'GET, POST';
const allowedHeaders = [
  'authorization',
  'content-type',
  'idempotency-key',
  'minigate-client-name',
  'minigate-client-version',
  'minigate-env',
  'minigate-signature',
  'x-request-id',
].join(', ');
const exposedHeaders = 'minigate-time, retry-after, x-request-id';
const maxAgeSeconds = '600';

/** A browser sends these types without asking first; ours only after a preflight. */
const simpleType = /^\s*(?:text\/plain|application\/x-www-form-urlencoded|multipart\/form-data)\b/i;

/** Headers that a page can only send to another origin after a preflight, which it has not passed if it is not listed. */
const preflighted = [
  'authorization',
  'minigate-client-name',
  'apollo-require-preflight',
  'x-apollo-operation-name',
];

/** @param origins such as `https://shop.example.com`; credentials of the browser are never asked for */
export function registerCors(app: FastifyInstance, origins: readonly string[]): void {
  const listed = new Set(origins);
  app.addHook('onRequest', (request, reply, done) => {
    const { method, headers } = request;
    const { origin } = headers;
    const isPreflight = method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
    if (origin !== undefined && listed.has(origin)) {
      reply.headers({ 'access-control-allow-origin': origin, vary: 'Origin' });
      if (!isPreflight) {
        reply.header('access-control-expose-headers', exposedHeaders);
        done();
        return;
      }
      reply.headers({
        'access-control-allow-methods': allowedMethods,
        'access-control-allow-headers': allowedHeaders,
        'access-control-max-age': maxAgeSeconds,
      });
      reply.code(204).send();
      return;
    }
    if (isPreflight || (isForeign(headers) && isSimple(method, headers)))
      done(new RequestError('ORIGIN_NOT_ALLOWED', 'Pages of this origin may not ask here.'));
    else done();
  });
  if (listed.size === 0) return;
  app.addHook('onSend', (_request, reply, payload, done) => {
    const vary = reply.getHeader('vary');
    if (vary === undefined) reply.header('vary', 'Origin');
    else if (!/\borigin\b/i.test(`${vary}`)) reply.header('vary', `${vary}, Origin`);
    done(null, payload);
  });
}

/** By what a browser says of itself. A page that a person opens comes from nowhere. */
function isForeign(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (headers['sec-fetch-dest'] === 'document' || site === 'same-origin' || site === 'none') return false;
  if (site !== undefined) return true;
  const { origin, host } = headers;
  return origin !== undefined && origin.replace(/^https?:\/\//, '') !== host;
}

function isSimple(method: string, headers: IncomingHttpHeaders): boolean {
  if (!['GET', 'HEAD', 'POST'].includes(method)) return false;
  const type = headers['content-type'];
  return (type === undefined || simpleType.test(type)) && !preflighted.some((name) => name in headers);
}
