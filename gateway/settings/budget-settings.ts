/** The settings of budgets: token buckets in cost units, with defaults that follow from the ceiling of one request. */
import { z } from 'zod';

const budget = (capacity: number, refillPerSecond: number, whose: string) =>
  z
    .strictObject({
      capacity: z
        .int()
        .nonnegative()
        .default(capacity)
        .describe(`Cost units that ${whose} may spend at once; 0 sets no budget.`),
      refillPerSecond: z
        .number()
        .positive()
        .default(refillPerSecond)
        .describe(`Cost units that ${whose} may spend a second, in the long run.`),
    })
    .prefault({});

/**
 * Against `limits.maxCost` of 2,000: a user may send ten of the dearest requests at once and then one every ten seconds;
 * an address, behind which a mobile carrier may hide many guests, fifty and one a second; a mini-program about what one
 * process can answer.
 */
export const budgetSettings = z.strictObject({
  principal: budget(20_000, 200, 'one user'),
  app: budget(1_000_000, 50_000, 'the users of one mini-program, or guests by one client name,'),
  address: budget(100_000, 2_000, 'the guests of one network address'),
  nodes: z
    .int()
    .positive()
    .default(1)
    .describe('Gateways that share the budgets; without Redis each grants its part.'),
});
