/** Stores sessions in the memory of this process; they end with it. */
import type { NewSessionRecord, SessionRecords } from './session-records.ts';

interface StoredSession {
  readonly userId: string;
  readonly sessionId: string;
  readonly endsAtMs: number;
  data: string;
  tokenHash: string;
  before?: { readonly tokenHash: string; readonly turnedAtMs: number; readonly sealedNext: string };
}

export interface MemorySessionRecordsOptions {
  /** The oldest sessions make room beyond this. */
  readonly maxSessions: number;
  /** Milliseconds, on a clock that never goes back. */
  readonly now: () => number;
}

export function createMemorySessionRecords({
  maxSessions,
  now,
}: MemorySessionRecordsOptions): SessionRecords {
  // A Map keeps the order of insertion and every session lasts equally long, so the first is always the oldest.
  const sessions = new Map<string, StoredSession>();
  const byUser = new Map<
    string,
    { readonly sessionIds: Set<string>; readonly keys: Map<string, string[]> }
  >();

  const userOf = new Map<string, string>();

  const drop = ({ userId, sessionId }: StoredSession): void => {
    sessions.delete(sessionId);
    const user = byUser.get(userId);
    user?.sessionIds.delete(sessionId);
    if (user?.sessionIds.size === 0) byUser.delete(userId);
  };
  const find = (userId: string, sessionId: string): StoredSession | undefined => {
    const session = sessions.get(sessionId);
    return session?.userId === userId && session.endsAtMs > now() ? session : undefined;
  };
  const of = (userId: string) => {
    const user = byUser.get(userId) ?? { sessionIds: new Set(), keys: new Map() };
    byUser.set(userId, user);
    return user;
  };
  const makeRoom = (userId: string, { maxPerUser }: NewSessionRecord): void => {
    for (const session of sessions.values()) {
      if (session.endsAtMs > now() && sessions.size < maxSessions) break;
      drop(session);
    }
    const [oldest, ...others] = byUser.get(userId)?.sessionIds ?? [];
    const session = oldest === undefined ? undefined : sessions.get(oldest);
    if (session && others.length + 1 >= maxPerUser) drop(session);
  };

  return {
    async create(userId, record) {
      makeRoom(userId, record);
      const { sessionId, data, tokenHash, lifetimeMs } = record;
      sessions.set(sessionId, { userId, sessionId, endsAtMs: now() + lifetimeMs, data, tokenHash });
      of(userId).sessionIds.add(sessionId);
    },
    find: async (userId, sessionId) => find(userId, sessionId)?.data,
    async rotate(userId, sessionId, { presentedHash, nextHash, sealedNext, data, graceMs }) {
      const session = find(userId, sessionId);
      if (!session) return { outcome: 'absent' };
      const { before } = session;
      if (session.tokenHash === presentedHash) {
        session.before = { tokenHash: presentedHash, turnedAtMs: now(), sealedNext };
        session.tokenHash = nextHash;
        session.data = data;
        return { outcome: 'rotated' };
      }
      if (before?.tokenHash === presentedHash && now() - before.turnedAtMs <= graceMs)
        return { outcome: 'repeated', data: session.data, sealedNext: before.sealedNext };
      drop(session);
      return { outcome: 'reused' };
    },
    async end(userId, sessionId) {
      const session = find(userId, sessionId);
      if (session) drop(session);
    },
    async endAll(userId) {
      for (const sessionId of byUser.get(userId)?.sessionIds ?? []) sessions.delete(sessionId);
      byUser.delete(userId);
    },
    async addKey(userId, { identity, sealed }) {
      const { keys } = of(userId);
      keys.set(identity, [sealed, ...(keys.get(identity) ?? [])].slice(0, 2));
    },
    keys: async (userId, identity) => byUser.get(userId)?.keys.get(identity) ?? [],
    async linkUser(identity, sealed) {
      userOf.delete(identity);
      userOf.set(identity, sealed);
      const [oldest] = userOf.size > maxSessions ? userOf.keys() : [];
      if (oldest !== undefined) userOf.delete(oldest);
    },
    findUser: async (identity) => userOf.get(identity),
  };
}
