/** Builds generations of one gateway: the engine that the settings name, over whatever release comes. */
import type { DocumentNode } from 'graphql';
import type { Logger } from 'pino';
import type { Bundle, BundleAccess } from '../registry/bundle/bundle.ts';
import { checkPolicy } from './access/check-policy.ts';
import type { AccessOptions } from './access/create-access.ts';
import type { Policy } from './access/policy.ts';
import type { Shed } from './admission/shed.ts';
import type { CheckUserSignature } from './admission/user-signature.ts';
import type { Config } from './config.ts';
import type { DemandControl } from './demand-control.ts';
import type { Engine } from './execution/execute.ts';
import { createMinigateEngine, type MinigateEngineOptions } from './execution/minigate-engine.ts';
import { createGeneration, type Generation, type Publication } from './generation.ts';
import type { Scope } from './identity/account.ts';
import { createReadDocuments, type ReadDocuments } from './operation/read-documents.ts';
import type { Pace } from './pace.ts';
import { createParseSchema, type ParseSchema } from './parse-schema.ts';
import { createSafelist, type RegisteredOperation, type Safelist } from './persisted/safelist.ts';
import { createRunOperation } from './pipeline.ts';
import { createPlanner, type Planner } from './planning/planner.ts';
import { createPreparedPlanner } from './planning/prepared-planner.ts';
import { toPreparedOperations } from './prepared-operations.ts';
import { createPublishedBans } from './published-bans.ts';
import type { RateControl } from './rate-control.ts';
import { StartupError } from './startup-error.ts';
import type { Release } from './supergraph/release.ts';
import { readSubgraphAddresses } from './supergraph/subgraph-addresses.ts';
import { tightenSizes } from './tighten-limits.ts';
import type { SubgraphClient } from './upstream/subgraph-client.ts';

export interface GenerationMaterial {
  readonly scope: Scope;
  readonly config: Config;
  readonly policy: Policy;
  /** The operations that the settings register; those of a bundle come beside them. */
  readonly safelist: () => Safelist;
  readonly shed: Shed;
  readonly demand: DemandControl;
  readonly rates: Pick<RateControl, 'bucketsUnder'>;
  readonly checkUserSignature: CheckUserSignature | undefined;
  readonly subgraphs: SubgraphClient;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** One of each for the versions of one schema: what is as it was before is not read again. */
export interface Readers {
  readonly parseSupergraph: ParseSchema;
  readonly parseApi: ParseSchema;
  readonly readDocuments: ReadDocuments;
}

export function createReaders(): Readers {
  return {
    parseSupergraph: createParseSchema(),
    parseApi: createParseSchema(),
    readDocuments: createReadDocuments(),
  };
}

export interface BuildOptions extends Pick<AccessOptions, 'onUnknownCoordinates'> {
  readonly readers: Readers;
  readonly pace: Pace;
}

/** @throws StartupError when the release cannot be served */
export async function buildGeneration(
  material: GenerationMaterial,
  release: Release,
  { onUnknownCoordinates, readers, pace }: BuildOptions,
): Promise<Generation> {
  const { config, shed, log, now } = material;
  const { supergraphSdl, bundle } = release;
  try {
    const policy = withAccess(material.policy, bundle?.access);
    const limits = tightenSizes(config.limits, bundle?.limits);
    const chargeCost = material.demand.chargeUnder(bundle?.limits, policy.roles);
    return await createGeneration({
      scope: material.scope,
      supergraphSdl,
      publication: bundle && toPublication(bundle),
      access: {
        ...config.access,
        dev: config.dev,
        policy,
        guardedMutations: config.signing.userKeyMutations,
        onUnknownCoordinates,
      },
      createEngine: (supergraph) =>
        createEngine(material, supergraph, release, { parseSchema: readers.parseApi, pace }),
      parseSchema: readers.parseSupergraph,
      readDocuments: readers.readDocuments,
      prepared: toPreparedOperations(bundle, limits.defaultListSize),
      pace,
      runOperation: createRunOperation(shed, chargeCost, material.checkUserSignature),
      limits,
      defaultListSize: limits.defaultListSize,
      rateBuckets: material.rates.bucketsUnder(bundle?.limits),
      bans: createPublishedBans(bundle?.bans ?? [], now),
      safelist: toSafelist(material, release),
      onMisfit: (misfit) => log.warn(misfit, 'a registered operation does not fit the schema'),
    });
  } catch (cause) {
    if (cause instanceof StartupError) throw cause;
    const what = bundle
      ? `Bundle ${bundle.sequence} of ${bundle.environment} cannot be served`
      : `${config.supergraph ?? 'What the subgraphs say'} is not a supergraph that can be served`;
    throw new StartupError(
      `${what}: ${(cause as Error).message}\nCompose it by \`npx minigate supergraph compose\`.`,
      { cause },
    );
  }
}

async function createEngine(
  { config: { dev, engine, planner }, subgraphs, log }: GenerationMaterial,
  supergraph: DocumentNode,
  { supergraphSdl, bundle }: Release,
  work: Pick<MinigateEngineOptions, 'parseSchema' | 'pace'>,
): Promise<Engine> {
  if (engine === 'apollo') {
    // The reference: loaded only when asked for, because it is large.
    const { createApolloEngine } = await import('./execution/apollo-engine.ts');
    return createApolloEngine({ supergraph, subgraphs, log });
  }
  const startPlanner = (): Promise<Planner> => {
    if (bundle) log.info('the planner is started, for a document without a plan in the bundle');
    return createPlanner({
      supergraphSdl,
      ...planner,
      onRestart: (reason) => log.warn({ reason }, 'the planner was restarted'),
    });
  };
  return createMinigateEngine({
    supergraph,
    targets: readSubgraphAddresses(supergraph),
    planner: bundle
      ? createPreparedPlanner({ prepared: bundle.prepared, start: startPlanner, startsAtOnce: dev })
      : await startPlanner(),
    subgraphs,
    ...work,
  });
}

/** What the bundle says of roles and permissions holds in place of the policy's; its rules are always its own. */
function withAccess(own: Policy, access: BundleAccess | undefined): Policy {
  if (!access) return own;
  const { roles = own.roles, permissions = own.permissions } = access;
  const policy = { ...own, roles, permissions };
  checkPolicy(policy);
  return policy;
}

function toPublication({ environment, sequence, createdAt }: Bundle): Publication {
  return { environment, sequence, createdAt };
}

/** Of a bundle it never changes: schema and operations are in force together. */
function toSafelist({ config, safelist }: GenerationMaterial, { bundle }: Release): () => Safelist {
  if (!bundle) return safelist;
  const published = bundle.manifests.flatMap(({ client, version, appId, operations }) =>
    operations.map(
      (operation): RegisteredOperation => ({
        ...operation,
        client,
        version,
        appIds: appId === undefined ? undefined : [appId],
      }),
    ),
  );
  const together = createSafelist(
    [...safelist().operations, ...published],
    [...config.persisted.retired, ...bundle.retired],
  );
  return () => together;
}
