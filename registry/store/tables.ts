/** The tables of the registry; `migrations/` creates them. Versions, publishes and the audit log are only ever added to. */
import {
  bigint,
  customType,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core';
import { sortableText } from '../../subgraphs/shared/sortable-text.ts';
import type { Measures } from '../check/measure-operations.ts';
import type { RegisteredEntry } from './manifests.ts';

const schema = pgSchema('registry');
const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });
const bytes = customType<{ data: Buffer; driverData: Uint8Array }>({
  dataType: () => 'bytea',
  fromDriver: (value) => Buffer.from(value),
});

/** Who made a change and from where, as it was at that moment. */
export interface Origin {
  /** The token's name, such as `team-order`. */
  readonly actor: string;
  readonly tokenId: string;
  /** The address that the request came from. */
  readonly address: string;
  /** What the version control of whoever published says. */
  readonly author?: string | undefined;
  readonly commit?: string | undefined;
  readonly branch?: string | undefined;
}

/** By the SHA-256 of its text, in hexadecimal. */
export const schemaVersionTable = schema.table('schema_version', {
  hash: text('hash').primaryKey(),
  sdl: text('sdl').notNull(),
});

export const subgraphPublishTable = schema.table('subgraph_publish', {
  id: sortableText('id').primaryKey(),
  environment: text('environment').notNull(),
  subgraph: text('subgraph').notNull(),
  schemaHash: text('schema_hash')
    .notNull()
    .references(() => schemaVersionTable.hash),
  routingUrl: text('routing_url').notNull(),
  origin: jsonb('origin').$type<Origin>().notNull(),
  createdAt: moment('created_at').notNull(),
});

/** One subgraph as a supergraph version was composed of it. */
export interface ComposedSubgraph {
  readonly subgraph: string;
  readonly publishId: string;
  readonly schemaHash: string;
  readonly routingUrl: string;
}

export const versionReasons = ['publish', 'rollback', 'delete', 'operations'] as const;

/** What gateways run: each change of schema or registered operations is the next number of its environment. */
export const supergraphVersionTable = schema.table(
  'supergraph_version',
  {
    environment: text('environment').notNull(),
    sequence: integer('sequence').notNull(),
    reason: text('reason', { enum: versionReasons }).notNull(),
    /** The subgraph published or deleted, the version rolled back to, or the client whose operations changed. */
    subject: text('subject').notNull(),
    composedFrom: jsonb('composed_from').$type<readonly ComposedSubgraph[]>().notNull(),
    sdlHash: text('sdl_hash')
      .notNull()
      .references(() => schemaVersionTable.hash),
    /** What each registered operation costs and fetches under this version. */
    measures: jsonb('measures').$type<Measures>().notNull(),
    /** Signed, as gateways fetch it. */
    bundle: bytes('bundle').notNull(),
    origin: jsonb('origin').$type<Origin>().notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.environment, table.sequence] })],
);

export const auditTable = schema.table(
  'audit',
  {
    id: sortableText('id').primaryKey(),
    environment: text('environment').notNull(),
    action: text('action').notNull(),
    outcome: text('outcome', { enum: ['done', 'refused'] }).notNull(),
    origin: jsonb('origin').$type<Origin>().notNull(),
    details: jsonb('details').$type<Readonly<Record<string, unknown>>>().notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [index('audit_by_environment').on(table.environment, table.id.desc())],
);

export const tokenKinds = ['admin', 'owner', 'publisher', 'client', 'gateway'] as const;

export const tokenTable = schema.table('token', {
  id: text('id').primaryKey(),
  /** Of the team or the program that holds it. */
  name: text('name').notNull(),
  kind: text('kind', { enum: tokenKinds }).notNull(),
  /** `*` for all. */
  environment: text('environment').notNull(),
  /** The subgraphs, or for the kind `client` the clients, that it is for; `*` for all. */
  scope: jsonb('scope').$type<readonly string[]>().notNull(),
  secretHash: text('secret_hash').notNull(),
  expiresAt: moment('expires_at').notNull(),
  revokedAt: moment('revoked_at'),
  createdAt: moment('created_at').notNull(),
});

/** One manifest of registered operations, of one version of a client. */
export const manifestTable = schema.table(
  'manifest',
  {
    id: sortableText('id').primaryKey(),
    environment: text('environment').notNull(),
    client: text('client').notNull(),
    version: text('version').notNull(),
    appId: text('app_id'),
    entries: jsonb('entries').$type<readonly RegisteredEntry[]>().notNull(),
    origin: jsonb('origin').$type<Origin>().notNull(),
    createdAt: moment('created_at').notNull(),
    retiredAt: moment('retired_at'),
  },
  (table) => [index('manifest_by_client').on(table.environment, table.client, table.version)],
);

/** What gateways report: how often a version of a client has asked for a document, and when last. */
export const usageTable = schema.table(
  'usage',
  {
    environment: text('environment').notNull(),
    client: text('client').notNull(),
    version: text('version').notNull(),
    documentId: text('document_id').notNull(),
    count: bigint('count', { mode: 'number' }).notNull(),
    lastSeenAt: moment('last_seen_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.environment, table.client, table.version, table.documentId] })],
);

/** That somebody entitled to agrees to one change, such as `override Product.price by reviews`. */
export const approvalTable = schema.table('approval', {
  id: sortableText('id').primaryKey(),
  environment: text('environment').notNull(),
  subject: text('subject').notNull(),
  /** The subgraphs in whose name it was given; `*` for all. */
  scope: jsonb('scope').$type<readonly string[]>().notNull(),
  origin: jsonb('origin').$type<Origin>().notNull(),
  createdAt: moment('created_at').notNull(),
  expiresAt: moment('expires_at').notNull(),
});

/** A message that waits to be sent to one of the addresses of the settings. */
export const noticeTable = schema.table(
  'notice',
  {
    id: sortableText('id').primaryKey(),
    /** The target's name in the settings. */
    target: text('target').notNull(),
    event: jsonb('event').$type<Readonly<Record<string, unknown>>>().notNull(),
    attempts: integer('attempts').notNull(),
    nextAttemptAt: moment('next_attempt_at').notNull(),
    /** Sent, or given up. */
    endedAt: moment('ended_at'),
    failure: text('failure'),
  },
  (table) => [index('notice_due').on(table.nextAttemptAt)],
);
