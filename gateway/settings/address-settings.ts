/** The settings of network addresses: whose word counts for those of others, and which get no answer. */
import { z } from 'zod';
import { parseRange } from '../address.ts';

const range = z
  .string()
  .refine((text) => parseRange(text) !== undefined, 'is neither an address nor a range such as 10.0.0.0/8');

export const trustedProxySettings = z
  .array(range)
  .default([])
  .describe('Addresses and ranges of our own proxies: of these alone X-Forwarded-For is believed.');

export const denylistSettings = z
  .array(range)
  .default([])
  .describe('Addresses and ranges that get no answer; more can be added on the admin port.');
