/** The settings of behaviour rules and of the security log: what adds points to whom, how long a ban lasts, what is kept. */
import { z } from 'zod';
import { parseRange } from '../address.ts';

const rule = z.strictObject({
  name: z.string().min(1).max(64),
  event: z.enum([
    'LOGIN_SUCCEEDED',
    'LOGIN_FAILED',
    'AUTHENTICATION_FAILED',
    'SIGNATURE_FAILED',
    'REFRESH_REUSED',
    'COST_EXCEEDED',
    'MANY_IDENTITIES',
  ]),
  codes: z.array(z.string()).optional(),
  per: z.enum(['user', 'address', 'device']),
  weight: z.number().positive(),
  halfLifeSeconds: z.number().positive(),
  distinctUsers: z.boolean().optional(),
});

type Rule = z.input<typeof rule>;

/** Of a user a hundred points are too many; of an address, behind which a carrier has thousands of phones, a thousand. */
const defaultRules: Rule[] = [
  { name: 'logins', event: 'LOGIN_SUCCEEDED', per: 'user', weight: 2, halfLifeSeconds: 600 },
  { name: 'stolen refresh token', event: 'REFRESH_REUSED', per: 'user', weight: 25, halfLifeSeconds: 3_600 },
  { name: 'cost', event: 'COST_EXCEEDED', per: 'user', weight: 2, halfLifeSeconds: 600 },
  { name: 'crowded device', event: 'MANY_IDENTITIES', per: 'user', weight: 30, halfLifeSeconds: 3_600 },
  {
    name: 'failed logins',
    event: 'LOGIN_FAILED',
    codes: ['INVALID_CODE', 'CODE_USED', 'UNAUTHENTICATED', 'USER_BLOCKED'],
    ...{ per: 'address', weight: 10, halfLifeSeconds: 600 },
  },
  {
    name: 'failed authentication',
    event: 'AUTHENTICATION_FAILED',
    codes: ['UNAUTHENTICATED'],
    ...{ per: 'address', weight: 1, halfLifeSeconds: 600 },
  },
  { name: 'signatures', event: 'SIGNATURE_FAILED', per: 'address', weight: 5, halfLifeSeconds: 600 },
  { name: 'cost', event: 'COST_EXCEEDED', per: 'address', weight: 2, halfLifeSeconds: 600 },
  {
    name: 'many users',
    event: 'LOGIN_SUCCEEDED',
    ...{ per: 'address', weight: 1, halfLifeSeconds: 600, distinctUsers: true },
  },
  { name: 'crowded devices', event: 'MANY_IDENTITIES', per: 'address', weight: 20, halfLifeSeconds: 600 },
  {
    name: 'many users',
    event: 'LOGIN_SUCCEEDED',
    ...{ per: 'device', weight: 1, halfLifeSeconds: 600, distinctUsers: true },
  },
];

const range = z
  .string()
  .refine((text) => parseRange(text) !== undefined, 'is neither an address nor a range such as 10.0.0.0/8');

/** Of networks that are nobody's on the internet: a proxy of ours that was forgotten among `trustedProxies`. */
const privateRanges = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
].concat([...['192.168.0.0/16', '::1/128', 'fc00::/7', 'fe80::/10']]);

const points = (fallback: number, whose: string) =>
  z.number().positive().default(fallback).describe(`Points of ${whose} that are too many.`);

export const behaviourSettings = z.strictObject({
  mode: z
    .enum(['enforce', 'measure', 'off'])
    .default('enforce')
    .describe('`measure` bans nobody, and logs who would have been.'),
  rules: z
    .array(rule)
    .default(defaultRules)
    .describe('What adds points: { name, event, codes, per, weight, halfLifeSeconds, distinctUsers }.'),
  thresholds: z
    .strictObject({
      user: points(100, 'a user'),
      address: points(1_000, 'an address'),
      device: points(10, 'a device, which is not banned but adds to its users and address'),
    })
    .prefault({}),
  banSeconds: z
    .tuple([z.int().positive()], z.int().positive())
    .default([300, 3_600, 86_400, 604_800])
    .describe('How long the first ban lasts, the second, and so on; the last is that of all further ones.'),
  banMemoryDays: z.number().positive().default(30).describe('How long a ban makes the next one longer.'),
  exemptAddresses: z
    .array(range)
    .default(privateRanges)
    .describe('Addresses and ranges that no rule bans; default those of private networks.'),
});

export const securityLogSettings = z.strictObject({
  folder: z
    .string()
    .optional()
    .describe('Where the security log is kept without Redis, a file for each day; else in memory, shortly.'),
  keptDays: z.number().positive().default(90).describe('How long it is kept.'),
  maxRecords: z
    .int()
    .positive()
    .default(1_000_000)
    .describe('Records kept in Redis, some 300 bytes each; the oldest make room.'),
});
