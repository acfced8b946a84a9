import { expect, test } from 'vitest';
import { roles } from '../../../gateway/access/roles.ts';
import { parseConfig } from '../../../gateway/config.ts';
import { createMemoryBudget } from '../../../gateway/demand/memory-budget.ts';
import { createDemandControl } from '../../../gateway/demand-control.ts';
import { guest, type Principal } from '../../../gateway/principal.ts';
import type { RequestOutcome } from '../../../gateway/request-context.ts';
import type { PublishedLimits } from '../../../registry/bundle/limits-and-bans.ts';

const user = (level: number): Principal => ({
  ...{ kind: 'user', userId: 'u', roles: [], scopes: [], level },
  ...{ sessionId: 's', appId: 'a', loggedInAt: 0 },
});
const askers = [guest, user(1), user(3)];
const budget = createMemoryBudget({ nodes: 1, maxBuckets: 10, now: () => 0 });

function ceilings(limits: object, published: PublishedLimits | undefined): Promise<(number | undefined)[]> {
  const config = parseConfig({ supergraph: 'any', dev: true, limits });
  const demand = createDemandControl(config, { roles, budget, report: () => {} });
  const chargeCost = demand.chargeUnder(published, roles);
  return Promise.all(
    askers.map(async (principal) => {
      const client = { name: undefined, version: undefined };
      const outcome: RequestOutcome = { client, registered: false, codes: [], faults: [] };
      await chargeCost(1, { principal, client, address: '1.1.1.1', showsCost: false, outcome });
      return outcome.cost?.max;
    }),
  );
}

test.each([
  ['without any the gateway’s own hold', {}, undefined, [2000, 2000, 2000]],
  ['a smaller one holds for all', {}, { maxCost: 500 }, [500, 500, 500]],
  ['a larger one loosens nothing', {}, { maxCost: 9000 }, [2000, 2000, 2000]],
  ['by role', {}, { maxCost: 500, maxCostByRole: { USER: 1000 } }, [500, 1000, 1000]],
  [
    'the gateway’s own by role are bounds too',
    { maxCostByRole: { USER: 600 } },
    { maxCost: 800 },
    [800, 600, 600],
  ],
  ['where only one role has a published one', {}, { maxCostByRole: { GUEST: 100 } }, [100, 2000, 2000]],
])('published ceilings: %s', async (_title, own, published, expected) => {
  expect(await ceilings(own, published)).toEqual(expected);
});
