/**
 * What a bundle holds, and how its bytes are laid out: a line of JSON with the signature, then the payload it signs. That is
 * a line of JSON with all but plans, then each plan on a line of its own, so that none need be read at one go.
 */
import { z } from 'zod';
import type { QueryPlan } from '../../gateway/planning/query-plan.ts';
import { publishedBans, publishedLimits } from './limits-and-bans.ts';

const planShape = z.looseObject({ kind: z.literal('QueryPlan') });
const documentId = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, 'a document id is sha256: and 64 hexadecimal digits');

/** An operation as Apollo's persisted-query manifest, version 1, writes it. */
export const bundleOperationSchema = z.object({
  id: documentId,
  body: z.string(),
  name: z.string().min(1),
  type: z.enum(['query', 'mutation', 'subscription']),
  maxAgeSeconds: z.int().positive().optional(),
});

/** The operations of one version of one client; without `client` any may run them, without `version` all versions may. */
export const bundleManifestSchema = z.object({
  client: z.string().min(1).optional(),
  version: z.string().min(1).optional(),
  appId: z.string().min(1).optional(),
  operations: z.array(bundleOperationSchema),
});

const role = z.strictObject({ level: z.int().positive(), permissions: z.array(z.string()).default([]) });

/** Roles and permissions, as the gateway's access file has them: they replace those of its policy. */
const bundleAccess = z.strictObject({
  roles: z.record(z.string(), role).optional(),
  permissions: z.record(z.string(), z.array(z.string())).optional(),
});

export const preparedPlanSchema = z.object({
  /** SHA-256 of the document, in hexadecimal: it was found valid, and need not be validated again. */
  document: z.string().optional(),
  /** SHA-256 of the text that was planned, in hexadecimal. */
  asked: z.string(),
  operationName: z.string().optional(),
  plan: z.custom<QueryPlan>((plan) => planShape.safeParse(plan).success, 'not a query plan'),
  /** What the operation may reach and costs, as text, which is read when the operation is made ready. */
  analysis: z.string().optional(),
});

/** What is known of the operations, so that it need not be found out. */
const preparedPart = z.object({
  /** Of the plans: gateways that know another plan for themselves. */
  planFormat: z.int().positive(),
  /** What clients may ask, as SDL. */
  apiSchemaSdl: z.string().min(1),
  /** Gateways that know another format, or assume another size, analyse for themselves. */
  analyses: z.object({ format: z.int().positive(), defaultListSize: z.int().positive() }).optional(),
  plans: z.array(preparedPlanSchema).default([]),
});

/** Strict, because what a gateway does not know may be what keeps somebody out. */
export const bundleSchema = z.strictObject({
  format: z.literal(1),
  environment: z.string().min(1),
  /** Grows by every bundle of the environment, rollbacks included. */
  sequence: z.int().positive(),
  /** ISO 8601. */
  createdAt: z.iso.datetime(),
  /** The first 12 hexadecimal digits of the supergraph's SHA-256. */
  schemaVersion: z.string(),
  supergraphSdl: z.string().min(1),
  manifests: z.array(bundleManifestSchema),
  /** Ids of registered operations that no longer run. */
  retired: z.array(documentId).default([]),
  access: bundleAccess.optional(),
  limits: publishedLimits.optional(),
  bans: publishedBans.optional(),
  prepared: preparedPart,
});

export const bundleHeaderSchema = z.object({
  format: z.literal(1),
  /** The first 16 hexadecimal digits of the SHA-256 of the public key, as DER. */
  keyId: z.string(),
  /** Base64, over all bytes after the line. */
  signature: z.string(),
});

export type Bundle = z.output<typeof bundleSchema>;
export type BundleManifest = z.output<typeof bundleManifestSchema>;
export type BundleAccess = z.output<typeof bundleAccess>;
export type PreparedPart = z.output<typeof preparedPart>;
