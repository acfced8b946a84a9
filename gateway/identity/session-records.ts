/** What is stored of the sessions of users: the same operations in memory and in Redis, each of them atomic. */

/**
 * All rejects with the cause when the store is away, cannot be written, or is too slow; a write may have happened then.
 * What is stored but makes no sense counts as absent. Times are of the store's clock.
 */
export interface SessionRecords {
  create(userId: string, session: NewSessionRecord): Promise<void>;
  /** The `data` of a session that has not ended. */
  find(userId: string, sessionId: string): Promise<string | undefined>;
  rotate(userId: string, sessionId: string, turn: Turn): Promise<Turned>;
  end(userId: string, sessionId: string): Promise<void>;
  /** With the WeChat session keys. */
  endAll(userId: string): Promise<void>;
  /** Keeps this WeChat session key of an identity, sealed, and the one before it. */
  addKey(userId: string, key: NewKey): Promise<void>;
  /** Sealed, newest first. */
  keys(userId: string, identity: string): Promise<readonly string[]>;
  /** Keeps who the user of an identity is, sealed: for WeChat, which knows no users. */
  linkUser(identity: string, sealed: string, lifetimeMs: number): Promise<void>;
  findUser(identity: string): Promise<string | undefined>;
}

export interface NewSessionRecord {
  readonly sessionId: string;
  /** Opaque to the store. */
  readonly data: string;
  readonly tokenHash: string;
  readonly lifetimeMs: number;
  /** The session of this user that would end first makes room. */
  readonly maxPerUser: number;
}

export interface NewKey {
  readonly identity: string;
  readonly sealed: string;
  readonly lifetimeMs: number;
}

/** One use of a refresh token. */
export interface Turn {
  readonly presentedHash: string;
  readonly nextHash: string;
  /** The next token, for whoever presents this one again. */
  readonly sealedNext: string;
  readonly data: string;
  readonly graceMs: number;
}

export type Turned =
  /** The presented token was the current one: the next one is now. */
  | { readonly outcome: 'rotated' }
  /** It was the one before, within the grace: what was given out at its first use. */
  | { readonly outcome: 'repeated'; readonly data: string; readonly sealedNext: string }
  /** It is older: somebody has copied it. The session has ended. */
  | { readonly outcome: 'reused' }
  | { readonly outcome: 'absent' };
