import { expect, test } from 'vitest';
import { roles } from '../../../gateway/access/roles.ts';
import { createCostCeiling } from '../../../gateway/demand/cost-ceiling.ts';
import { guest, type Principal } from '../../../gateway/principal.ts';

const user = (level: number): Principal => ({
  ...{ kind: 'user', userId: 'u', roles: [], scopes: [], level },
  ...{ sessionId: 's', appId: 'a', loggedInAt: 0 },
});
const askers = [guest, user(0), user(1), user(3), user(5)];

test.each([
  ['everyone has the same without ceilings of their own', {}, [2000, 2000, 2000, 2000, 2000]],
  ['guests may have another', { GUEST: 500 }, [500, 2000, 2000, 2000, 2000]],
  ['a role includes those below it', { USER: 5000 }, [2000, 2000, 5000, 5000, 5000]],
  ['of several the highest counts', { USER: 5000, ADMIN: 100, SUPER: 9000 }, [2000, 2000, 5000, 5000, 9000]],
  ['a ceiling may be below the common one', { USER: 10 }, [2000, 2000, 10, 10, 10]],
])('%s', (_title, byRole, ceilings) => {
  expect(askers.map(createCostCeiling(2000, byRole, roles))).toEqual(ceilings);
});

test('a role that the policy does not have stops the start', () => {
  expect(() => createCostCeiling(2000, { USER: 1, MANAGER: 2, toString: 3 }, roles)).toThrowError(
    'limits.maxCostByRole: the policy has no role MANAGER, toString; it has GUEST, USER, ADMIN, SUPER.',
  );
});
