/** The sessions of users, as the rest of the gateway sees them: sealed in the store, remembered for a moment here. */
import { hash } from 'node:crypto';
import { RequestError } from '../errors.ts';
import {
  hashRefreshToken,
  openSuccessor,
  type RefreshToken,
  type RefreshTokens,
  sealSuccessor,
} from './refresh-token.ts';
import type { Sealer } from './seal.ts';
import {
  createSessionId,
  type NewSession,
  parseSession,
  type Session,
  type SessionIdentity,
} from './session.ts';
import { placeOf, toKeyPlace, toLinkPlace } from './session-places.ts';
import type { SessionRecords } from './session-records.ts';
import type { SessionClaims } from './session-token.ts';

export interface FoundSession {
  readonly session: Session;
  /** Whether the store said so within `recheckMs`. If not, it is away and said so within `graceMs`. */
  readonly isConfirmed: boolean;
}

/** All throw SESSION_UNAVAILABLE when the store does not do what it is asked. */
export interface Sessions {
  create(session: NewSession): Promise<{ readonly session: Session; readonly refreshToken: string }>;
  /** `undefined` when it never was or has ended. */
  find(claims: SessionClaims): Promise<FoundSession | undefined>;
  /** What the store has said of it before, however long ago: to begin with, until `find` has confirmed it. */
  recall(claims: SessionClaims): Session | undefined;
  /** What the store says now. */
  read(claims: SessionClaims): Promise<Session | undefined>;
  /** Takes a refresh token for the next one, and writes the roles. `undefined` when it is not the session's, or used up: then the session has ended. */
  rotate(
    token: RefreshToken,
    session: Session,
  ): Promise<{ readonly session: Session; readonly refreshToken: string } | undefined>;
  end(claims: SessionClaims): Promise<void>;
  /** Every session of the user, also on other devices. */
  endAll(userId: string): Promise<void>;
  /** Every session of the user whom this identity logged in last. Whether there was such a user. */
  endOf(identity: Pick<Session, 'appId' | 'openid' | 'environment'>): Promise<boolean>;
  /** Keeps WeChat's key for an identity and the one before it, encrypted. */
  addSessionKey(identity: SessionIdentity, sessionKey: string): Promise<void>;
  /** WeChat's last two keys for an identity, newest first: a login may be newer than what was encrypted before it. */
  sessionKeys(identity: SessionIdentity): Promise<readonly string[]>;
}

export interface SessionsOptions {
  readonly records: SessionRecords;
  readonly sealer: Sealer;
  readonly refreshTokens: RefreshTokens;
  readonly lifetimeMs: number;
  readonly maxPerUser: number;
  /** How long a used refresh token still gives what it gave. */
  readonly refreshGraceMs: number;
  /** How long an answer of the store is believed: in this time what ends elsewhere is noticed here. */
  readonly recheckMs: number;
  /** How long an answer of the store lasts while the store is away. */
  readonly graceMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds, on a clock that never goes back. */
  readonly elapsed: () => number;
  /** @param userId where it is known, as of whoever uses a refresh token */
  readonly onEvent: (event: SessionEvent, sessionId: string, userId?: string) => void;
}

/** `damaged`: the store holds what no gateway wrote. `unconfirmed`: an old answer was used, for want of a new one. */
export type SessionEvent = 'rotated' | 'repeated' | 'reused' | 'damaged' | 'unavailable' | 'unconfirmed';

interface Remembered {
  readonly userId: string;
  readonly askedAtMs: number;
  /** What the store holds: as long as it is the same, so is the session. */
  readonly data: string | undefined;
  readonly session: Session | undefined;
  /** The next answer, on its way. */
  pending?: Promise<Session | undefined> | undefined;
}

const maxRemembered = 20_000;

export function createSessions(options: SessionsOptions): Sessions {
  const { records, sealer, refreshTokens, now, elapsed, onEvent } = options;
  const remembered = new Map<string, Remembered>();

  const remember = (id: string, entry: Remembered): void => {
    remembered.delete(id);
    remembered.set(id, entry);
    const [oldest] = remembered.size > maxRemembered ? remembered.keys() : [];
    if (oldest !== undefined) remembered.delete(oldest);
  };

  async function orUnavailable<T>(work: Promise<T>, sessionId = ''): Promise<T> {
    try {
      return await work;
    } catch {
      onEvent('unavailable', sessionId);
      throw unavailable();
    }
  }

  const open = (data: string, { userId, sessionId }: SessionClaims): Session | undefined => {
    const text = sealer.open(data, placeOf(userId, sessionId));
    const session = text === undefined ? undefined : parseSession(text);
    if (!session) onEvent('damaged', sessionId);
    return session;
  };

  const toSession = (data: string, claims: SessionClaims, known: Remembered): Session | undefined =>
    data === known.data ? known.session : open(data, claims);

  const readData = (claims: SessionClaims): Promise<string | undefined> =>
    orUnavailable(records.find(claims.userId, claims.sessionId), claims.sessionId);

  /** However many ask at once, the store is asked once; what it says is as old as the question. */
  function reread(claims: SessionClaims, known: Remembered | undefined): Promise<Session | undefined> {
    if (known?.pending) return known.pending;
    const askedAtMs = elapsed();
    const entry: Remembered = known ?? {
      userId: claims.userId,
      askedAtMs: Number.NEGATIVE_INFINITY,
      data: undefined,
      session: undefined,
    };
    const pending = readData(claims).then(
      (data) => {
        const session = data === undefined ? undefined : toSession(data, claims, entry);
        remember(claims.sessionId, { userId: claims.userId, askedAtMs, data, session });
        return session;
      },
      (error) => {
        entry.pending = undefined;
        throw error;
      },
    );
    entry.pending = pending;
    if (!known) remember(claims.sessionId, entry);
    return pending;
  }

  async function endAll(userId: string): Promise<void> {
    await orUnavailable(records.endAll(userId));
    for (const [id, entry] of remembered) if (entry.userId === userId) remembered.delete(id);
  }

  async function sessionKeys(identity: SessionIdentity): Promise<readonly string[]> {
    const place = toKeyPlace(identity);
    const sealed = await orUnavailable(records.keys(identity.userId, hash('sha256', place, 'base64url')));
    return sealed.flatMap((each) => sealer.open(each, place) ?? []);
  }

  return {
    async create(values) {
      const session: Session = {
        ...{ version: 1, id: createSessionId(), ...values, createdAt: now(), rolesAt: now() },
        signingKeyGeneration: 1,
      };
      const token = refreshTokens.create(session.userId, session.id);
      const { lifetimeMs, maxPerUser } = options;
      const record = {
        ...{ sessionId: session.id, data: seal(sealer, session), tokenHash: hashRefreshToken(token) },
        ...{ lifetimeMs, maxPerUser },
      };
      const askedAtMs = elapsed();
      await orUnavailable(
        Promise.all([
          records.create(session.userId, record),
          records.linkUser(
            toLinkPlace(session),
            sealer.seal(session.userId, toLinkPlace(session)),
            lifetimeMs,
          ),
        ]),
      );
      remember(session.id, { userId: session.userId, askedAtMs, data: record.data, session });
      return { session, refreshToken: token.text };
    },
    async find(claims) {
      const known = remembered.get(claims.sessionId);
      const isFor = known?.userId === claims.userId ? known : undefined;
      if (isFor && elapsed() - isFor.askedAtMs < options.recheckMs) return toFound(isFor.session, true);
      try {
        return toFound(await reread(claims, isFor), true);
      } catch (error) {
        if (!isFor?.session || elapsed() - isFor.askedAtMs > options.graceMs) throw error;
        onEvent('unconfirmed', claims.sessionId);
        return toFound(isFor.session, false);
      }
    },
    recall({ userId, sessionId }) {
      const known = remembered.get(sessionId);
      return known?.userId === userId ? known.session : undefined;
    },
    async read(claims) {
      const data = await readData(claims);
      return data === undefined ? undefined : open(data, claims);
    },
    async rotate(token, session) {
      const next = refreshTokens.create(session.userId, session.id);
      const turn = {
        ...{ presentedHash: hashRefreshToken(token), nextHash: hashRefreshToken(next) },
        ...{ sealedNext: sealSuccessor(token, next), data: seal(sealer, session) },
        graceMs: options.refreshGraceMs,
      };
      const turned = await orUnavailable(
        records.rotate(token.userId, token.sessionId, turn),
        token.sessionId,
      );
      remembered.delete(token.sessionId);
      if (turned.outcome === 'absent') return undefined;
      onEvent(turned.outcome, token.sessionId, token.userId);
      if (turned.outcome === 'reused') return undefined;
      if (turned.outcome === 'rotated') return { session, refreshToken: next.text };
      const stored = open(turned.data, token);
      const refreshToken = openSuccessor(token, turned.sealedNext);
      return stored && refreshToken ? { session: stored, refreshToken } : undefined;
    },
    async end({ userId, sessionId }) {
      await orUnavailable(records.end(userId, sessionId), sessionId);
      remembered.delete(sessionId);
    },
    endAll,
    async endOf(identity) {
      const place = toLinkPlace(identity);
      const sealed = await orUnavailable(records.findUser(place));
      const userId = sealed === undefined ? undefined : sealer.open(sealed, place);
      if (userId === undefined) return false;
      await endAll(userId);
      return true;
    },
    async addSessionKey(identity, sessionKey) {
      const place = toKeyPlace(identity);
      // Logins that follow each other soon get the same key from WeChat: it must not push the other one out.
      const [newest] = await sessionKeys(identity);
      if (newest === sessionKey) return;
      const sealed = sealer.seal(sessionKey, place);
      const key = { identity: hash('sha256', place, 'base64url'), sealed, lifetimeMs: options.lifetimeMs };
      await orUnavailable(records.addKey(identity.userId, key));
    },
    sessionKeys,
  };
}

function toFound(session: Session | undefined, isConfirmed: boolean): FoundSession | undefined {
  return session && { session, isConfirmed };
}

function seal(sealer: Sealer, session: Session): string {
  return sealer.seal(JSON.stringify(session), placeOf(session.userId, session.id));
}

function unavailable(): RequestError {
  return new RequestError('SESSION_UNAVAILABLE', 'Sessions cannot be checked now.', { 'retry-after': '1' });
}
