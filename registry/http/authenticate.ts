/** Says who asks: by the token in the header, and in development without one. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Database } from '../../subgraphs/shared/database.ts';
import { RegistryError } from '../errors.ts';
import type { RegistrySettings } from '../settings.ts';
import type { Origin } from '../store/tables.ts';
import { findToken, type Token } from '../store/tokens.ts';
import { writeAudit } from '../store/write-audit.ts';
import { createRateLimit } from './rate-limit.ts';

/** Who asks, and what for they may. */
export interface Caller {
  readonly kind: Token['kind'];
  readonly scope: readonly string[];
  readonly origin: Origin;
}

/** What a route needs. */
export interface Need {
  /** The kinds of token that may; an administrator always may. */
  readonly kinds: readonly Token['kind'][];
  /** The subgraph or client that the token must be for. */
  readonly name?: string | undefined;
}

export type Authenticate = (request: FastifyRequest, environment: string, need: Need) => Promise<Caller>;

export interface AuthenticateOptions {
  readonly database: Database;
  readonly settings: RegistrySettings;
  readonly now: () => number;
}

/** So that strangers cannot fill the audit log. */
const refusalsPerMinute = 20;

/** Each refusal of a token stands in the audit log. @throws TOKEN_REQUIRED, TOKEN_REFUSED, NOT_FOUND for the environment */
export function createAuthenticate({ database, settings, now }: AuthenticateOptions): Authenticate {
  const logged = createRateLimit(refusalsPerMinute, now);

  return async (request, environment, need) => {
    const refuse = async (reason: string, holder: { name: string; id: string }): Promise<never> => {
      if (logged.take(request.ip) === 0) {
        const origin = { actor: holder.name, tokenId: holder.id, address: request.ip };
        const details = { method: request.method, path: request.url.split('?')[0], reason };
        await writeAudit(
          database,
          { environment, action: 'access', outcome: 'refused', origin, details },
          now(),
        );
      }
      throw new RegistryError('TOKEN_REFUSED', reason);
    };
    const nobody = { name: 'unknown', id: '' };
    if (/mgt_[0-9a-f]{16}_/.test(request.url))
      return refuse(
        'A token in an address is in every log on the way. Revoke it, and send it by the header.',
        nobody,
      );
    const text = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (text === undefined) {
      if (settings.dev && isLocal(request)) return developer(request);
      throw new RegistryError('TOKEN_REQUIRED', 'Send `authorization: Bearer <token>`.');
    }
    if (settings.adminToken && isSame(text, settings.adminToken)) return administrator(request);
    const token = await findToken(database, text, new Date(now()));
    if (typeof token === 'string') return refuse(token, nobody);
    if (environment !== '*' && !settings.environments.includes(environment))
      throw new RegistryError(
        'NOT_FOUND',
        `There is no environment ${JSON.stringify(environment.slice(0, 40))}.`,
      );
    const reason = findMismatch(token, environment, need);
    if (reason) return refuse(reason, token);
    return {
      kind: token.kind,
      scope: token.scope,
      origin: { actor: token.name, tokenId: token.id, address: request.ip },
    };
  };
}

function findMismatch(
  { name, kind, environment, scope }: Token,
  wanted: string,
  need: Need,
): string | undefined {
  if (environment !== '*' && environment !== wanted) return `The token ${name} is for ${environment}.`;
  if (kind !== 'admin' && !need.kinds.includes(kind))
    return `The token ${name} is of the kind ${kind}; this needs ${[...need.kinds, 'admin'].join(' or ')}.`;
  if (need.name !== undefined && !scope.includes('*') && !scope.includes(need.name))
    return `The token ${name} is for ${scope.join(', ')}.`;
  return undefined;
}

function administrator({ ip }: FastifyRequest): Caller {
  return { kind: 'admin', scope: ['*'], origin: { actor: 'administrator', tokenId: 'admin', address: ip } };
}

function developer({ ip }: FastifyRequest): Caller {
  return { kind: 'admin', scope: ['*'], origin: { actor: 'developer', tokenId: 'dev', address: ip } };
}

/** A page of another site that reaches this machine under a name of its own is not from here. */
function isLocal({ ip, hostname, headers }: FastifyRequest): boolean {
  return (
    ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(ip) &&
    ['127.0.0.1', 'localhost', '[::1]', '::1'].includes(hostname) &&
    headers.origin === undefined
  );
}

function isSame(one: string, other: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(one), hash(other));
}
