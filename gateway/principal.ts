/** Who asks: a guest, a user with the roles that the login gave, or a service with those of its key. */
import type { Caller } from '../subgraphs/verify/index.ts';
import { RequestError } from './errors.ts';

export interface User {
  readonly kind: 'user';
  readonly userId: string;
  readonly roles: readonly string[];
  /** The permissions of all roles together; `@requiresScopes` is held against them. */
  readonly scopes: readonly string[];
  /** The highest level among the roles: USER 1, ADMIN 3, SUPER 5. */
  readonly level: number;
  readonly sessionId: string;
  /** The mini-program that the person logged in with. */
  readonly appId: string;
  /** When the session began; milliseconds since 1970. */
  readonly loggedInAt: number;
  /** Names the user among those of all environments, where the gateway serves several. */
  readonly account?: string;
  /** The session store is away, and said some seconds ago that the session lasts: enough to read, not to change anything. */
  readonly isUnconfirmed?: true;
}

export interface Guest {
  readonly kind: 'guest';
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  readonly level: 0;
}

/** A program of ours or of a partner, which calls from a server by an API key. */
export interface Service {
  readonly kind: 'service';
  readonly name: string;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  readonly level: number;
}

export type Principal = User | Guest | Service;

export const guest: Guest = { kind: 'guest', roles: [], scopes: [], level: 0 };

/** What the gateway counts and bans the user by. */
export function accountOf({ account, userId }: Pick<User, 'account' | 'userId'>): string {
  return account ?? userId;
}

/** What subgraphs learn of the principal. */
export function toCaller(principal: Principal): Caller {
  if (principal.kind === 'guest') return { kind: 'guest' };
  const { roles, scopes } = principal;
  // To subgraphs a service is who may do internal things, as the gateway itself; who calls by an API key may not.
  const userId = principal.kind === 'service' ? `service:${principal.name}` : principal.userId;
  return { kind: 'user', userId, roles, scopes };
}

/** Before anything is changed. @throws SESSION_UNAVAILABLE */
export function checkConfirmed(principal: Principal): void {
  if (principal.kind === 'user' && principal.isUnconfirmed)
    throw new RequestError(
      'SESSION_UNAVAILABLE',
      'The session cannot be checked now, so nothing is changed.',
      {
        'retry-after': '1',
      },
    );
}

export interface Role {
  /** A role includes those of lower levels. */
  readonly level: number;
  /** What the role adds; rules name permissions, and so does `@requiresScopes` in subgraphs. */
  readonly permissions: readonly string[];
}

export type Roles = Readonly<Record<string, Role>>;

/** The level and permissions that role names give; unknown names give nothing. */
export function grantsOf(
  known: Roles,
  names: readonly string[],
): { level: number; scopes: readonly string[] } {
  const level = Math.max(
    0,
    ...names.map((name) => (Object.hasOwn(known, name) ? (known[name]?.level ?? 0) : 0)),
  );
  const scopes = Object.values(known)
    .filter((role) => role.level <= level)
    .flatMap((role) => role.permissions);
  return { level, scopes };
}
