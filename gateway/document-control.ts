/** Puts together which documents run: by the policy of each client, with what is told of those that are not registered. */
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { createAutomaticDocuments } from './persisted/automatic-documents.ts';
import { createReportUnregistered } from './persisted/report-unregistered.ts';
import {
  createResolveDocument,
  type DocumentPolicy,
  type ResolveDocument,
} from './persisted/resolve-document.ts';
import type { Client } from './request-context.ts';
import type { Metrics } from './telemetry/metrics.ts';

export interface DocumentControlParts {
  /** Whether it has registered operations. */
  readonly isKnownClient: (name: string) => boolean;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'countUnregistered'>;
}

export function createDocumentControl(
  config: Config,
  { isKnownClient, log, metrics }: DocumentControlParts,
): ResolveDocument {
  const { limits, persisted } = config;
  return createResolveDocument({
    policyOf: createPolicyOf(config),
    automatic: persisted.automatic
      ? createAutomaticDocuments({
          maxDocuments: limits.maxDocuments,
          maxBytes: persisted.maxAutomaticBytes,
        })
      : undefined,
    onUnregistered: createReportUnregistered({
      isKnown: (name) => isKnownClient(name) || Object.hasOwn(persisted.clients, name),
      count: metrics.countUnregistered,
      log,
    }),
  });
}

function createPolicyOf({ dev, persisted }: Config): (client: Client) => DocumentPolicy {
  if (dev) return () => 'open';
  const policies = new Map(Object.entries(persisted.clients));
  return ({ name }) => (name === undefined ? undefined : policies.get(name)) ?? persisted.policy;
}
