/** The settings of persisted operations: where the manifests are, and what becomes of documents that are in none. */
import { z } from 'zod';

export const manifestSource = z
  .strictObject({
    file: z.string(),
    client: z.string().min(1).optional(),
    version: z.string().min(1).optional(),
    appId: z.string().min(1).optional(),
  })
  .refine(({ client, version }) => client || !version, {
    path: ['version'],
    error: 'needs the client it is of',
  });

const documentPolicy = z.enum(['measure', 'warn', 'enforce']);

export const persistedSettings = z.strictObject({
  policy: documentPolicy
    .default('enforce')
    .describe('What becomes of documents sent as text: counted, warned of, or refused. With --dev all run.'),
  clients: z
    .record(z.string(), documentPolicy)
    .default({})
    .describe('Another policy for clients, by the name that they send.'),
  automatic: z.boolean().default(false).describe('Automatic persisted queries; never beside `enforce`.'),
  maxAutomaticBytes: z
    .int()
    .positive()
    .default(8_388_608)
    .describe('Memory for the texts of automatic persisted queries.'),
  retired: z
    .array(z.string().regex(/^sha256:[0-9a-f]{64}$/, 'a document id is sha256: and 64 hexadecimal digits'))
    .default([])
    .describe('Ids of registered operations that no longer run.'),
});
