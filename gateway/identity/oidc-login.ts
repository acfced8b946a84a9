/** Logs staff in by an ID token of an OpenID Connect issuer. */
import { Agent, request as httpRequest } from 'undici';
import { z } from 'zod';
import { RequestError } from '../errors.ts';
import { verifyJwt } from './jwt.ts';
import { createRemoteKeys, type RemoteKeys } from './remote-keys.ts';
import type { NewSession } from './session.ts';

export interface OidcIssuer {
  /** What it is called here. */
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  /** The claim that lists the groups of a person. */
  readonly rolesClaim: string;
  /** Our role for a group of theirs. */
  readonly roles: Readonly<Record<string, string>>;
}

export interface OidcLogin {
  /** @throws BAD_REQUEST, UNAUTHENTICATED, LOGIN_UNAVAILABLE */
  verify(body: unknown): Promise<NewSession>;
  isIssuer(appId: string): boolean;
  /** Whether the keys of every issuer have been loaded, once. */
  isReady(): boolean;
  load(): Promise<void>;
  close(): Promise<void>;
}

export interface OidcLoginOptions {
  readonly issuers: readonly OidcIssuer[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds, on a clock that never goes back. */
  readonly elapsed: () => number;
  readonly onFailed: (issuer: string, error: unknown) => void;
}

const loginRequest = z.object({ issuer: z.string(), idToken: z.string() });
const discovery = z.object({ issuer: z.string(), jwks_uri: z.url() });

const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const maxIdTokenAgeSeconds = 300;
const timeoutMs = 2_000;
const maxAnswerBytes = 262_144;

export function createOidcLogin({ issuers, now, elapsed, onFailed }: OidcLoginOptions): OidcLogin {
  const agent = new Agent({ maxResponseSize: maxAnswerBytes });
  const getJson = async (url: string): Promise<unknown> => {
    const { statusCode, body } = await httpRequest(url, {
      dispatcher: agent,
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (statusCode === 200) return body.json();
    await body.dump();
    throw new Error(`${url} answered ${statusCode}.`);
  };
  const loadKeySet = async (issuer: string): Promise<unknown> => {
    const found = discovery.parse(
      await getJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`),
    );
    if (found.issuer !== issuer) throw new Error(`${issuer} calls itself ${found.issuer}.`);
    if (new URL(found.jwks_uri).protocol !== new URL(issuer).protocol)
      throw new Error(`The keys of ${issuer} are not where it is safe to take them from.`);
    return getJson(found.jwks_uri);
  };
  const known = new Map<string, OidcIssuer & { readonly keys: RemoteKeys }>(
    issuers.map((issuer) => {
      const keys = createRemoteKeys({
        loadKeySet: () => loadKeySet(issuer.issuer),
        elapsed,
        onFailed: (error) => onFailed(issuer.name, error),
      });
      return [issuer.name, { ...issuer, keys }];
    }),
  );
  const all = [...known.values()];

  return {
    async verify(body) {
      const request = loginRequest.safeParse(body);
      if (!request.success) throw new RequestError('BAD_REQUEST', 'Send { "issuer": …, "idToken": … }.');
      const by = known.get(request.data.issuer);
      if (!by) throw refused();
      const claims = await verifyJwt(request.data.idToken, by.keys.find, {
        ...{ algorithms, issuer: by.issuer, audience: by.clientId },
        ...{ maxAgeSeconds: maxIdTokenAgeSeconds, nowMs: now() },
      });
      // A token for several parties says for which of them it was made.
      if (
        !claims ||
        (claims.azp !== undefined
          ? claims.azp !== by.clientId
          : Array.isArray(claims.aud) && claims.aud.length > 1)
      )
        throw refused();
      const groups = claims[by.rolesClaim];
      const roles = (Array.isArray(groups) ? groups : []).flatMap((group) =>
        typeof group === 'string' && Object.hasOwn(by.roles, group) ? (by.roles[group] ?? []) : [],
      );
      const userId = `oidc:${by.name}:${claims.sub}`;
      return { userId, roles: [...new Set(roles)], appId: by.name, openid: claims.sub };
    },
    isIssuer: (appId) => known.has(appId),
    isReady: () => all.every(({ keys }) => keys.isReady()),
    load: async () => {
      await Promise.all(all.map(({ keys }) => (keys.isReady() ? undefined : keys.load())));
    },
    close: () => agent.close(),
  };
}

function refused(): RequestError {
  return new RequestError('UNAUTHENTICATED', 'The ID token is wrong, too old or not for this gateway.');
}
