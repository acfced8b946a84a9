/** Sets a ban that behaviour rules ask for: of a user in the list of bans, of an address in the denylist. */
import type { BehaviourBan } from './abuse/behaviour.ts';
import { parseRange } from './address.ts';
import type { Denylist } from './admission/denylist.ts';
import type { Bans } from './identity/bans.ts';

/** @returns false where there is a ban already, which an operator may have set for longer. Rejects when the store is away */
export async function setTemporaryBan(
  { subject, id, reason, durationSeconds, rules, earlierBans }: BehaviourBan,
  bans: Pick<Bans, 'ban' | 'find'>,
  denylist: Pick<Denylist, 'add' | 'has'>,
): Promise<boolean> {
  if (subject === 'user') {
    if (bans.find(id)) return false;
    await bans.ban(id, reason, durationSeconds, { rules: [...rules], earlierBans });
    return true;
  }
  const range = parseRange(id);
  if (!range || denylist.has(id.replace(/\/.*$/, ''))) return false;
  await denylist.add(range, reason, durationSeconds);
  return true;
}
