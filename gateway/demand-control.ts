/** Puts demand control together: what one request may cost, and what each payer may spend as time passes. */
import type { PublishedLimits } from '../registry/bundle/limits-and-bans.ts';
import type { ReportSecurityEvent } from './abuse/security-event.ts';
import { toAddressBlock } from './address.ts';
import type { Config } from './config.ts';
import type { Budget } from './demand/budget.ts';
import { type ChargeCost, createChargeCost } from './demand/charge-cost.ts';
import { type CostCeiling, createCostCeiling } from './demand/cost-ceiling.ts';
import { accountOf, type Roles } from './principal.ts';

export interface DemandControlParts {
  readonly roles: Roles;
  readonly budget: Budget;
  readonly report: ReportSecurityEvent;
}

export interface DemandControl {
  /** @param roles those of the bundle @throws StartupError for a ceiling of a role that it does not have */
  chargeUnder(published: PublishedLimits | undefined, roles: Roles): ChargeCost;
}

/** @throws StartupError for a ceiling of a role that does not exist */
export function createDemandControl({ limits, budgets }: Config, parts: DemandControlParts): DemandControl {
  const { maxCost, maxCostByRole, costMode } = limits;
  const ownCeiling = createCostCeiling(maxCost, maxCostByRole, parts.roles);
  const toChargeCost = (ceilingOf: CostCeiling): ChargeCost =>
    createChargeCost({
      ...{ ceilingOf, limits: budgets, budget: parts.budget, mode: costMode },
      onRefuse: (code, { principal, address }) =>
        parts.report({
          ...{ event: 'COST_EXCEEDED', code },
          // An address is that of many: who has logged in answers for what they do.
          ...(principal.kind === 'guest' && { address: toAddressBlock(address) }),
          ...(principal.kind === 'user' && { userId: accountOf(principal) }),
        }),
    });
  const own = toChargeCost(ownCeiling);
  return {
    chargeUnder(published, roles) {
      if (published?.maxCost === undefined && published?.maxCostByRole === undefined) return own;
      const { maxCost: all = Number.POSITIVE_INFINITY, maxCostByRole: byRole = {} } = published;
      const ceiling = createCostCeiling(all, byRole, roles);
      return toChargeCost((principal) => Math.min(ownCeiling(principal), ceiling(principal)));
    },
  };
}
