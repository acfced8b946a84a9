/** The policy of the graph that attacks are aimed at. */
import { atLeast } from '../../gateway/access/ready-rules.ts';
import { roles } from '../../gateway/access/roles.ts';
import { allow, and, deny, not, or, rule } from '../../gateway/access/shield.ts';

export { roles };

const isAdmin = atLeast('ADMIN');
const isUser = atLeast('USER');
const isUndecidable = rule('is undecidable')(() => {
  throw new Error('the role service is away');
});

/** Asks by argument: every way to name someone must name oneself, as `me`. */
const namesOneself = rule('names oneself')((_parent, { id, ids, where, kind }) => {
  const named = [id, ...((ids ?? []) as unknown[]), ...(where ? [(where as { id?: unknown }).id] : [])];
  return named.every((one) => one === 'me') && kind !== 'HIGH';
});

/** The type Fresh and the mutation `fresh` are not named: a schema has brought them after the policy was written. */
export const rules = {
  Query: { '*': allow, admin: isAdmin, orders: isUser, account: namesOneself },
  Mutation: {
    login: allow,
    touch: isUser,
    mayTouch: isUser,
    place: isUser,
    touchUser: isUser,
    wipe: isAdmin,
  },
  Node: allow,
  Ent: { '*': allow, audit: isAdmin },
  User: { '*': allow },
  Secret: isAdmin,
  Order: isUser,
  Media: allow,
  Doc: { '*': allow },
  Clip: {
    '*': allow,
    seconds: isUndecidable,
    frames: not(isUndecidable),
    width: or(isUndecidable, deny),
    height: and(isUndecidable, allow),
  },
  Item: allow,
  Admin: isAdmin,
};
