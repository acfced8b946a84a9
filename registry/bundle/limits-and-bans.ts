/** Limits and bans that are published with an environment: what their files say, and what a bundle carries to gateways. */
import { z } from 'zod';
import { parseRange } from '../../gateway/address.ts';

const positive = z.int().positive();
const rate = z.strictObject({ requests: positive, seconds: positive });

/** Named as the gateway's own settings, which they may tighten and never loosen. */
export const publishedLimits = z.strictObject({
  maxCost: positive.optional(),
  maxCostByRole: z.record(z.string(), positive).optional(),
  maxDepth: positive.optional(),
  maxAliases: positive.optional(),
  maxDirectives: positive.optional(),
  maxRepeats: positive.optional(),
  maxRootFields: positive.optional(),
  maxRootAliases: positive.optional(),
  maxMutations: positive.optional(),
  maxSelections: positive.optional(),
  rates: z
    .strictObject({
      principal: rate.optional(),
      newcomer: rate.optional(),
      service: rate.optional(),
      app: rate.optional(),
      operations: z
        .record(z.string(), rate.extend({ of: z.enum(['each', 'all']).default('each') }))
        .optional(),
    })
    .optional(),
});

const why = {
  /** For operators; who is banned does not learn it. */
  reason: z.string().min(1).max(500).optional(),
  /** ISO 8601; without it the ban lasts as long as it is published. */
  endsAt: z.iso.datetime({ offset: true }).optional(),
};
const id = z.string().min(1).max(256);
const range = z
  .string()
  .refine((text) => parseRange(text) !== undefined, 'is neither an address nor a range such as 10.0.0.0/8');

/** Of a network address or range, a user, or all users of a mini-program. */
export const publishedBans = z.array(
  z.union(
    [
      z.strictObject({ address: range, ...why }),
      z.strictObject({ userId: id, ...why }),
      z.strictObject({ appId: id, ...why }),
    ],
    'is no ban: give one of address, userId and appId, and reason and endsAt (ISO 8601) if you like',
  ),
);

export type PublishedLimits = z.output<typeof publishedLimits>;
export type PublishedBan = z.output<typeof publishedBans>[number];
