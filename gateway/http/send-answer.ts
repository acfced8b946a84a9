/** Writes an answer: its caching headers and tag where it may be kept, nothing where the client has it, compressed. */
import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RequestOutcome } from '../request-context.ts';
import { chooseEncoding, compress, isWorthCompressing } from './compress.ts';

export async function sendAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  text: string,
  caching: RequestOutcome['caching'],
): Promise<FastifyReply> {
  const isLong = isWorthCompressing(text);
  const encoding = isLong ? chooseEncoding(request.headers['accept-encoding']) : undefined;
  addVary(reply, [...(caching?.vary ?? []), ...(isLong ? ['accept-encoding'] : [])]);
  if (caching) {
    reply.header('cache-control', caching.cacheControl);
    if (!caching.cacheControl.includes('no-store')) {
      const tag = tagOf(text, encoding);
      reply.header('etag', tag);
      if (isKnown(tag, request.headers['if-none-match'])) {
        reply.removeHeader('content-type');
        return reply.code(304).send();
      }
    }
  }
  // Bytes, where there are many: a long string would be copied once more behind the headers.
  if (!encoding) return reply.send(isLong ? Buffer.from(text) : text);
  reply.header('content-encoding', encoding);
  return reply.send(await compress(text, encoding));
}

/** Strong: it differs where any byte that is sent does, so by encoding too. */
function tagOf(text: string, encoding: string | undefined): string {
  const digest = hash('sha256', text, 'base64url').slice(0, 27);
  return encoding ? `"${digest}-${encoding}"` : `"${digest}"`;
}

/** Proxies that compress by themselves make a tag weak; the answer is the same. */
function isKnown(tag: string, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false;
  const known = ifNoneMatch.split(',', 50).map((each) => each.trim().replace(/^W\//, ''));
  return known.includes(tag) || known.includes('*');
}

/** Beside what others have said that answers depend on. */
function addVary(reply: FastifyReply, names: readonly string[]): void {
  if (names.length === 0) return;
  const before = reply.getHeader('vary');
  reply.header('vary', [...(before === undefined ? [] : [before]), ...names].join(', '));
}
