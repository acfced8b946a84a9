/** One generation: everything that answers requests under one version of the supergraph, immutable once made. */
import { createHash } from 'node:crypto';
import {
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
} from 'graphql';
import type { Authorize } from './access/authorize.ts';
import { type AccessOptions, createAccess } from './access/create-access.ts';
import { type CountCost, createCountCost } from './demand/actual-cost.ts';
import { readCostDirectives } from './demand/cost-directives.ts';
import { createPricing } from './demand/pricing.ts';
import type { RateBuckets } from './demand/rate-buckets.ts';
import type { Engine } from './execution/execute.ts';
import { type GraphqlAnswer, toFailedAnswer, toGraphqlAnswer } from './graphql-answer.ts';
import { type AskedOperation, startGraphqlServer, type ValidOperation } from './graphql-server.ts';
import type { Scope } from './identity/account.ts';
import { type Analyse, createAnalyse } from './operation/analyse.ts';
import { createArmorRules } from './operation/armor.ts';
import type { SizeLimits } from './operation/check-size.ts';
import { checkSource, type SourceLimits } from './operation/check-source.ts';
import { createDocumentStore } from './operation/document-store.ts';
import type { ReadDocuments } from './operation/read-documents.ts';
import type { Pace } from './pace.ts';
import type { ParseSchema } from './parse-schema.ts';
import type { RegisteredOperation, Safelist } from './persisted/safelist.ts';
import type { PreparedOperations } from './prepared-operations.ts';
import type { Roles } from './principal.ts';
import type { PublishedBans } from './published-bans.ts';
import type { RequestContext } from './request-context.ts';
import { readSubgraphAddresses } from './supergraph/subgraph-addresses.ts';
import type { SubgraphTarget } from './upstream/subgraph-client.ts';
import { type WarmUpOptions, warmUp } from './warm-up.ts';

/** What the stages after validation use. */
export interface GenerationParts {
  readonly schema: GraphQLSchema;
  readonly authorize: Authorize;
  readonly countCost: CountCost;
  readonly engine: Engine;
  readonly analyse: Analyse;
}

/** The stages between validation and the answer. */
export type RunOperation = (
  parts: GenerationParts,
  operation: ValidOperation,
  context: RequestContext,
) => Promise<ExecutionResult>;

/** Which bundle of the registry it is. */
export interface Publication {
  readonly environment: string;
  readonly sequence: number;
  /** ISO 8601. */
  readonly createdAt: string;
}

export interface Generation {
  /** The first 12 hexadecimal digits of the supergraph's SHA-256. */
  readonly version: string;
  /** Absent where the schema came from elsewhere. */
  readonly publication: Publication | undefined;
  readonly schema: GraphQLSchema;
  readonly roles: Roles;
  /** What the accounts of its users begin with, where the gateway serves several environments. */
  readonly scope: Scope;
  /** What a request takes from; `undefined` where the gateway's own rates alone hold. */
  readonly rateBuckets: RateBuckets | undefined;
  readonly bans: PublishedBans;
  /** What clients are held to while they are answered by this generation. */
  safelist(): Safelist;
  /** Registered operations that are planned. */
  readonly warmOperations: number;
  readonly subgraphs: ReadonlyMap<string, SubgraphTarget>;
  /**
   * Runs one operation and writes its answer, which also says what was refused. Its document is parsed and validated
   * only where it is met for the first time.
   */
  answer(operation: AskedOperation, context: RequestContext): Promise<GraphqlAnswer>;
  /** Gets operations ready that were registered since. How many are. */
  prepare(operations: Iterable<RegisteredOperation>): Promise<number>;
  close(): Promise<void>;
}

export interface GenerationOptions {
  readonly scope: Scope;
  readonly supergraphSdl: string;
  readonly publication?: Publication | undefined;
  readonly rateBuckets: RateBuckets | undefined;
  readonly bans: PublishedBans;
  readonly access: Omit<AccessOptions, 'supergraph' | 'schema' | 'maxFiltered'>;
  readonly createEngine: (supergraph: DocumentNode) => Promise<Engine>;
  /** Of supergraphs. */
  readonly parseSchema: ParseSchema;
  /** Of the work that it takes. */
  readonly pace: Pace;
  /** Of registered documents. */
  readonly readDocuments: ReadDocuments;
  readonly prepared: PreparedOperations;
  readonly runOperation: RunOperation;
  readonly limits: SizeLimits &
    SourceLimits & {
      readonly maxTokens: number;
      readonly maxDocuments: number;
      readonly maxCost: number;
    };
  /** Its operations are prepared before the generation answers its first request. */
  readonly safelist: () => Safelist;
  readonly onMisfit: WarmUpOptions['onMisfit'];
  readonly defaultListSize: number;
}

/**
 * @throws when the supergraph cannot be served: invalid, with unenforceable demands, or unlike the policy
 */
export async function createGeneration(options: GenerationOptions): Promise<Generation> {
  const { supergraphSdl, pace } = options;
  const supergraph = await options.parseSchema(supergraphSdl, pace);
  const engine = await options.createEngine(supergraph);
  try {
    return await startGeneration(options, supergraph, engine);
  } catch (error) {
    await engine.close();
    throw error;
  }
}

async function startGeneration(
  options: GenerationOptions,
  supergraph: DocumentNode,
  engine: Engine,
): Promise<Generation> {
  const { supergraphSdl, onMisfit, limits, defaultListSize, pace } = options;
  const { apiSchema: schema } = engine;
  await pace();
  const directives = readCostDirectives(supergraph);
  const pricing = createPricing(directives, defaultListSize);
  const { authorize, introspection } = createAccess({
    ...options.access,
    ...{ supergraph, schema, maxFiltered: limits.maxDocuments },
  });
  const parts: GenerationParts = {
    ...{ schema, engine, authorize },
    countCost: createCountCost({ schema, weights: directives.weights }),
    analyse: createAnalyse(schema, pricing, limits),
  };
  const introspectionRules = introspection ? [] : [NoSchemaIntrospectionCustomRule];
  const readDocument = options.readDocuments(limits);
  await pace();
  const documents = createDocumentStore(limits.maxDocuments);
  const run = (operation: ValidOperation, context: RequestContext): Promise<ExecutionResult> =>
    options.runOperation(parts, operation, context);
  const server = await startGraphqlServer({
    ...{ schema, supergraphSdl, run },
    validationRules: [...createArmorRules(limits), ...introspectionRules],
    maxTokens: limits.maxTokens,
    onValid: documents.add,
  });
  await pace();
  const { analyse } = parts;
  const prepare = (operations: Iterable<RegisteredOperation>): Promise<number> =>
    warmUp({
      ...{ operations, schema, engine, documents, readDocument, introspectionRules, onMisfit },
      ...{ analyse, limits, pace, prepared: options.prepared },
    });
  const warmOperations = await prepare(options.safelist().operations);
  return {
    version: createHash('sha256').update(supergraphSdl).digest('hex').slice(0, 12),
    publication: options.publication,
    schema,
    roles: options.access.policy.roles,
    scope: options.scope,
    rateBuckets: options.rateBuckets,
    bans: options.bans,
    safelist: options.safelist,
    warmOperations,
    subgraphs: readSubgraphAddresses(supergraph),
    async answer(operation, context) {
      const known = documents.find(operation.source);
      try {
        if (known) return toGraphqlAnswer(await run({ ...operation, ...known }, context), context.outcome);
        await context.admission;
        checkSource(operation.source, limits);
      } catch (error) {
        return toFailedAnswer(error, context.outcome);
      }
      return server.answer(operation, context);
    },
    prepare,
    async close() {
      await server.close();
      await engine.close();
    },
  };
}
