/** The settings of request rates: how often who may ask, whatever it costs. */
import { z } from 'zod';

const seconds = (fallback: number) =>
  z.int().positive().default(fallback).describe('The time in which they may be sent again.');

const rate = (requests: number, perSeconds: number, whose: string) =>
  z
    .strictObject({
      requests: z
        .int()
        .nonnegative()
        .default(requests)
        .describe(`Requests at once of ${whose}; 0 sets no rate.`),
      seconds: seconds(perSeconds),
    })
    .prefault({});

/** A mobile carrier has thousands of phones behind one address: it counts for those alone who prove nothing else. */
export const rateSettings = z.strictObject({
  flood: rate(2_000, 2, 'one address, whoever it is, at each gateway'),
  address: rate(100, 60, 'the guests and the refused requests of one address'),
  principal: rate(600, 60, 'one user'),
  newcomer: rate(120, 60, 'one user whose session is new'),
  newcomersOfAddress: rate(1_200, 60, 'all users of one address whose sessions are new'),
  newcomerSeconds: z
    .int()
    .nonnegative()
    .default(600)
    .describe('How long a session is new, from its login; 0 has no session be new.'),
  service: rate(6_000, 60, 'one API key'),
  app: rate(60_000, 10, 'the users of one mini-program, or guests by one client name,'),
  operations: z
    .record(
      z.string(),
      z.strictObject({
        requests: z.int().positive(),
        seconds: z.int().positive(),
        of: z.enum(['each', 'all']).default('each'),
      }),
    )
    .default({})
    .describe(
      'Of registered operations, by name or document id: { requests, seconds, of }, of each caller or of all together.',
    ),
  login: z
    .strictObject({
      address: rate(300, 60, 'one address, to log in'),
      app: rate(6_000, 60, 'one mini-program, to log in'),
      code: rate(5, 300, 'one login code'),
    })
    .prefault({}),
  refresh: z
    .strictObject({
      address: rate(
        3_000,
        60,
        'one address, to refresh; as many again to log out, and to ask who is logged in',
      ),
      session: rate(60, 60, 'one session, to refresh; as many again for each of the others'),
    })
    .prefault({}),
});
