/** What version control says of a change, as whoever publishes sends it. */
import { z } from 'zod';
import type { Origin } from '../store/tables.ts';
import type { Caller } from './authenticate.ts';

const text = z.string().max(200);

export const vcsSchema = z
  .strictObject({ author: text.optional(), commit: text.optional(), branch: text.optional() })
  .default({});

export function toOrigin({ origin }: Caller, vcs: z.output<typeof vcsSchema>): Origin {
  return { ...origin, ...vcs };
}
