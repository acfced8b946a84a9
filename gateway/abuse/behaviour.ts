/** Makes scores of what people do, by rules, and bans for a while whoever reaches the threshold: longer each time. */
import type { Crossing, ScoreLimits, Scores, Subject } from './score.ts';
import {
  type Behaviour,
  type Contribution,
  isBehaviour,
  type ReportSecurityEvent,
  type SecurityEvent,
  type SubjectKind,
} from './security-event.ts';

export interface BehaviourRule {
  /** What it is called where a ban gives its reasons. */
  readonly name: string;
  readonly event: Behaviour['event'];
  /** Only with one of these codes; default any. */
  readonly codes?: readonly string[] | undefined;
  readonly per: SubjectKind;
  /** Points that one event adds. */
  readonly weight: number;
  /** In which half of the points fade. */
  readonly halfLifeSeconds: number;
  /** Adds points for each user once, however often that one does it. */
  readonly distinctUsers?: boolean | undefined;
}

export interface BehaviourOptions {
  readonly rules: readonly BehaviourRule[];
  readonly thresholds: Readonly<Record<SubjectKind, number>>;
  /** Of the first ban, the second …; the last is that of all further ones. */
  readonly banSeconds: readonly [number, ...number[]];
  /** How long a ban makes the next one longer. */
  readonly banMemoryMs: number;
  readonly scores: Scores;
  /** Addresses that are never banned, such as those of our own proxies. */
  isExempt(address: string): boolean;
  ban(ban: BehaviourBan): Promise<void>;
  readonly report: ReportSecurityEvent;
  /** Of events that are not looked at, because too many are. */
  readonly onDropped: () => void;
}

export interface BehaviourBan {
  readonly subject: Exclude<SubjectKind, 'device'>;
  readonly id: string;
  readonly reason: string;
  readonly durationSeconds: number;
  readonly rules: readonly Contribution[];
  readonly earlierBans: number;
}

/** Events whose points are on their way to the scores. */
const maxPending = 1_000;

/** Longer than a gateway takes to learn of a ban, so that one flood does not count as several. */
const settleMs = 5_000;

/** How long a user counts as seen, in half-lives. */
const halfLivesSeen = 4;

/** The function takes every event, and answers at once. */
export function createBehaviour(options: BehaviourOptions): ReportSecurityEvent {
  const { rules, thresholds, scores, report } = options;
  let pending = 0;

  const limitsOf = (kind: SubjectKind): ScoreLimits => ({
    threshold: thresholds[kind],
    memoryMs: options.banMemoryMs,
    settleMs,
  });

  const apply = async (rule: BehaviourRule, event: Behaviour): Promise<void> => {
    const subject = subjectOf(rule.per, event);
    if (!subject || (subject.kind === 'address' && options.isExempt(subject.id))) return;
    const halfLifeMs = rule.halfLifeSeconds * 1_000;
    if (rule.distinctUsers) {
      const { userId } = event;
      if (userId === undefined) return;
      if (!(await scores.isNew(subject, rule.name, userId, halfLifeMs * halfLivesSeen))) return;
    }
    const points = { rule: rule.name, points: rule.weight, halfLifeMs };
    const crossing = await scores.add(subject, points, limitsOf(subject.kind));
    if (crossing) await follow(subject, crossing, event);
  };

  /** What a device says of itself can be forged: it bans nobody, and weighs with whoever uses it. */
  const follow = async ({ kind, id }: Subject, crossing: Crossing, event: Behaviour): Promise<void> => {
    if (kind === 'device') {
      const { userId, address, deviceId } = event;
      report({ event: 'MANY_IDENTITIES', userId, address, deviceId });
      return;
    }
    const { contributions, earlier } = crossing;
    const steps = options.banSeconds;
    await options.ban({
      subject: kind,
      id,
      reason: `behaviour: ${contributions.map(({ rule, points }) => `${rule} (${points})`).join(', ')}`,
      durationSeconds: steps[Math.min(earlier, steps.length - 1)] ?? steps[0],
      rules: contributions,
      earlierBans: earlier,
    });
  };

  return (event: SecurityEvent) => {
    if (!isBehaviour(event)) return;
    for (const rule of rules) {
      if (rule.event !== event.event || !hasCode(rule, event)) continue;
      if (pending >= maxPending) {
        options.onDropped();
        continue;
      }
      pending += 1;
      void apply(rule, event)
        .catch(options.onDropped)
        .finally(() => {
          pending -= 1;
        });
    }
  };
}

function hasCode({ codes }: BehaviourRule, event: Behaviour): boolean {
  return codes === undefined || ('code' in event && codes.includes(event.code));
}

/** Phones of one model say the same of themselves: they are told apart by the network they are in. */
function subjectOf(per: SubjectKind, { userId, address, deviceId }: Behaviour): Subject | undefined {
  if (per === 'device') {
    if (deviceId === undefined || address === undefined) return undefined;
    return { kind: 'device', id: `${address} ${deviceId}` };
  }
  const id = per === 'user' ? userId : address;
  return id === undefined || id === '' ? undefined : { kind: per, id };
}
