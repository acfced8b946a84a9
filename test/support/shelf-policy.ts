/** The policy of the attack graph together with the shelf graph. */
import { atLeast } from '../../gateway/access/ready-rules.ts';
import { roles } from '../../gateway/access/roles.ts';
import { allow, rule } from '../../gateway/access/shield.ts';
import { rules as attackRules } from './attack-policy.ts';

export { roles };

const isAdmin = atLeast('ADMIN');

export const rules = {
  ...attackRules,
  Query: { ...attackRules.Query, shelf: allow, thing: allow, books: allow, report: allow },
  Thing: { '*': allow, mark: isAdmin },
  Cup: { '*': allow },
  Book: { '*': allow, moved: isAdmin, shared: isAdmin, second: isAdmin, secret: isAdmin },
  Shelf: { '*': allow, code: isAdmin },
  Slot: { '*': allow },
};

/** What decides `@policy` in the shelf graph. */
export const policies = {
  weekday: rule('weekday')(() => true),
  staff: isAdmin,
  owner: rule('owner')(() => false),
};
