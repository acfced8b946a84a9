/** Keeps the sessions of logged-in users in the memory of this process; they end with it. */
import { randomBytes } from 'node:crypto';

export interface Session {
  readonly id: string;
  readonly userId: string;
  readonly roles: readonly string[];
  readonly appId: string;
  readonly openid: string;
  /** WeChat's key for this login, empty when there was none. It never leaves the gateway. */
  readonly sessionKey: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface SessionStore {
  create(session: Omit<Session, 'id' | 'expiresAt'>): Session;
  /** `undefined` when it never was, has ended or has expired. */
  get(id: string): Session | undefined;
  delete(id: string): void;
  /** Ends all sessions of a WeChat identity. */
  deleteOf(appId: string, openid: string): void;
}

export interface SessionStoreOptions {
  /** How long a session lasts. */
  readonly lifetimeMs: number;
  /** The oldest sessions make room beyond this. */
  readonly maxSessions: number;
  readonly now: () => number;
}

export function createSessionStore({ lifetimeMs, maxSessions, now }: SessionStoreOptions): SessionStore {
  // A Map keeps the order of insertion and every session lasts equally long, so the first is always the oldest.
  const sessions = new Map<string, Session>();
  const dropOldest = (): void => {
    for (const [id, { expiresAt }] of sessions) {
      if (expiresAt > now() && sessions.size <= maxSessions) return;
      sessions.delete(id);
    }
  };
  return {
    create(values) {
      const session: Session = { ...values, id: createSessionId(), expiresAt: now() + lifetimeMs };
      sessions.set(session.id, session);
      dropOldest();
      return session;
    },
    get(id) {
      const session = sessions.get(id);
      return session && session.expiresAt > now() ? session : undefined;
    },
    delete(id) {
      sessions.delete(id);
    },
    deleteOf(appId, openid) {
      for (const session of sessions.values()) {
        if (session.appId === appId && session.openid === openid) sessions.delete(session.id);
      }
    },
  };
}

/** 192 random bits: nobody guesses one from others. */
function createSessionId(): string {
  return randomBytes(24).toString('base64url');
}
