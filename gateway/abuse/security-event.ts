/** What is noticed of those who ask: a closed list, without secrets, tokens or codes of WeChat in any of them. */
import type { ErrorCode } from '../errors.ts';

/** Whom points are counted for, and whom a ban is for. */
export type SubjectKind = 'user' | 'address' | 'device';

/** Points of one rule that a ban was set for. */
export interface Contribution {
  readonly rule: string;
  readonly points: number;
}

/** As much as the place that tells of it knows. */
interface Known {
  readonly userId?: string | undefined;
  /** The block that one subscriber holds, not the single address. */
  readonly address?: string | undefined;
  /** In its place, one that asks for many, as WeChat's servers do: no points are counted for it, and no ban is set. */
  readonly sharedAddress?: string | undefined;
  readonly appId?: string | undefined;
  /** What the client says of its device: a claim. */
  readonly deviceId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly requestId?: string | undefined;
}

interface Refusal extends Known {
  readonly event: 'LOGIN_FAILED' | 'AUTHENTICATION_FAILED' | 'SIGNATURE_FAILED' | 'COST_EXCEEDED';
  readonly code: ErrorCode;
}

interface Observation extends Known {
  readonly event: 'LOGIN_SUCCEEDED' | 'REFRESH_REUSED' | 'MANY_IDENTITIES';
}

/** Whom a ban is for; an address may be a range. */
interface Banned {
  readonly userId?: string;
  readonly address?: string;
}

interface BanSet extends Banned {
  readonly event: 'BAN_SET';
  readonly by: 'operator' | 'rules';
  readonly reason: string;
  /** Without it the ban does not end. */
  readonly durationSeconds?: number | undefined;
  readonly rules?: readonly Contribution[] | undefined;
  readonly earlierBans?: number | undefined;
}

interface BanLifted extends Banned {
  readonly event: 'BAN_LIFTED';
}

export type SecurityEvent = Refusal | Observation | BanSet | BanLifted;

/** What somebody did; rules are about these. */
export type Behaviour = Refusal | Observation;

export function isBehaviour(event: SecurityEvent): event is Behaviour {
  return event.event !== 'BAN_SET' && event.event !== 'BAN_LIFTED';
}

export function toBanned(subject: Exclude<SubjectKind, 'device'>, id: string): Banned {
  return subject === 'user' ? { userId: id } : { address: id };
}

/** Takes an event at once, and never throws: what becomes of it is nobody's to wait for. */
export type ReportSecurityEvent = (event: SecurityEvent) => void;
