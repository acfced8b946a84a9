/** The settings of identity: the keys, how long each thing lasts, and the keys of services. */
import { z } from 'zod';

const seconds = (fallback: number) => z.int().positive().default(fallback);

export const apiKeySettings = z
  .array(
    z.strictObject({
      name: z.string().regex(/^[\w.-]{1,64}$/, 'must be a short name of letters, digits, _ . -'),
      hash: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and the SHA-256 of the key'),
      scopes: z.array(z.string()).default([]),
      roles: z.array(z.string()).default([]),
      expiresAt: z.iso.datetime({ offset: true }),
    }),
  )
  .default([])
  .describe('Keys of services that call from servers: { name, hash, scopes, roles, expiresAt }.');

/** What decides who is let in comes encrypted, or does not leave the machine. */
function isSafe(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return (
    protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
  );
}

export const oidcSettings = z
  .array(
    z.strictObject({
      name: z.string().regex(/^[\w.-]{1,64}$/, 'must be a short name of letters, digits, _ . -'),
      issuer: z.url().refine(isSafe, 'must begin with https://'),
      clientId: z.string().min(1),
      rolesClaim: z.string().min(1).default('groups'),
      roles: z.record(z.string(), z.string()).default({}),
    }),
  )
  .default([])
  .describe('OpenID Connect issuers that log in staff: { name, issuer, clientId, rolesClaim, roles }.');

/** 32 bytes. */
const encryptionKey = z
  .string()
  .refine((text) => Buffer.from(text, 'base64').length === 32, 'must be 32 bytes in base64');

export const sessionSettings = z.strictObject({
  signingKeyFiles: z
    .array(z.string())
    .default([])
    .describe(
      'Ed25519 private keys in PEM. The first signs access tokens, all are accepted; without one tokens end with the process.',
    ),
  encryptionKeys: z
    .array(encryptionKey)
    .default([])
    .describe('32 bytes each, in base64. The first encrypts what is stored of sessions, all decrypt.'),
  tokenLifetimeSeconds: seconds(900).describe('How long an access token holds.'),
  lifetimeSeconds: seconds(604_800).describe('How long a session lasts, from its login.'),
  refreshGraceSeconds: z
    .int()
    .min(0)
    .max(60)
    .default(30)
    .describe('How long a used refresh token still gives what it gave at first.'),
  recheckMs: z
    .int()
    .min(0)
    .max(2_000)
    .default(1_500)
    .describe('How long it may take until a logout on one gateway is noticed by another.'),
  unconfirmedSeconds: z
    .int()
    .min(0)
    .max(30)
    .default(30)
    .describe('How long sessions may still query, but not change anything, while their store is away.'),
  maxRolesAgeSeconds: seconds(3_600).describe(
    'How old the roles of a session may get while the user service is away.',
  ),
  maxPerUser: z.int().positive().default(20).describe('Sessions of one user; the oldest makes room.'),
  maxSessions: z
    .int()
    .positive()
    .default(100_000)
    .describe('Sessions kept in memory, without Redis; the oldest make room.'),
});
