/** One generation: everything that answers requests under one version of the supergraph, immutable once made. */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import {
  ApolloServer,
  type ApolloServerOptions,
  type ApolloServerPlugin,
  type HTTPGraphQLRequest,
} from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import {
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  type ValidationRule,
} from 'graphql';
import type { Authorize } from './access/authorize.ts';
import { type AccessOptions, createAccess } from './access/create-access.ts';
import { type CountCost, createCountCost } from './demand/actual-cost.ts';
import { readCostDirectives } from './demand/cost-directives.ts';
import { createPricing } from './demand/pricing.ts';
import type { Engine, ExecutableOperation } from './execution/execute.ts';
import { formatError } from './format-error.ts';
import { type Analyse, createAnalyse } from './operation/analyse.ts';
import { createArmorRules } from './operation/armor.ts';
import type { SizeLimits } from './operation/check-size.ts';
import { checkSource, type SourceLimits } from './operation/check-source.ts';
import { createDocumentStore, type DocumentStore } from './operation/document-store.ts';
import type { RegisteredOperation } from './persisted/safelist.ts';
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

/** An operation that is valid against the schema; its variables are as the client sent them. */
export type ValidOperation = Omit<ExecutableOperation, 'operation'>;

/** The stages between validation and the answer. */
export type RunOperation = (
  parts: GenerationParts,
  operation: ValidOperation & { readonly operationName: string | undefined },
  context: RequestContext,
) => Promise<ExecutionResult>;

export interface Generation {
  /** The first 12 hexadecimal digits of the supergraph's SHA-256. */
  readonly version: string;
  readonly schema: GraphQLSchema;
  /** Registered operations that are planned. */
  readonly warmOperations: number;
  readonly subgraphs: ReadonlyMap<string, SubgraphTarget>;
  /** Before a document is parsed and validated: looks over one that is not known. @throws LIMIT_EXCEEDED */
  checkSource(source: string): void;
  /** Parses, validates, runs and serializes one request. */
  answer(
    request: HTTPGraphQLRequest,
    context: RequestContext,
  ): ReturnType<ApolloServer['executeHTTPGraphQLRequest']>;
  /** Gets operations ready that were registered since. How many are. */
  prepare(operations: Iterable<RegisteredOperation>): Promise<number>;
  close(): Promise<void>;
}

export interface GenerationOptions {
  readonly supergraphSdl: string;
  readonly access: Omit<AccessOptions, 'supergraph' | 'schema' | 'maxFiltered'>;
  readonly createEngine: (supergraph: DocumentNode) => Promise<Engine>;
  readonly runOperation: RunOperation;
  readonly limits: SizeLimits &
    SourceLimits & {
      readonly maxTokens: number;
      readonly maxDocuments: number;
      readonly maxCost: number;
    };
  /** Prepared before the generation answers its first request. */
  readonly operations: Iterable<RegisteredOperation>;
  readonly onMisfit: WarmUpOptions['onMisfit'];
  readonly defaultListSize: number;
  readonly plugins: ApolloServerPlugin<RequestContext>[];
}

/**
 * Lets requests through between one part of the work and the next.
 *
 * @throws when the supergraph cannot be served: invalid, with unenforceable demands, or unlike the policy
 */
export async function createGeneration(options: GenerationOptions): Promise<Generation> {
  const supergraph = parse(options.supergraphSdl, { noLocation: true });
  await setImmediate();
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
  const { supergraphSdl, onMisfit, limits, defaultListSize } = options;
  const { apiSchema: schema } = engine;
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
  const validationRules = [
    ...createArmorRules(limits),
    ...(introspection ? [] : [NoSchemaIntrospectionCustomRule]),
  ];
  await setImmediate();
  const documents = createDocumentStore(limits.maxDocuments);
  const server = createServer(parts, { ...options, validationRules, documentStore: documents });
  await server.start();
  await setImmediate();
  const { analyse } = parts;
  const prepare = (operations: Iterable<RegisteredOperation>): Promise<number> =>
    warmUp({
      ...{ operations, schema, engine, documents, validationRules, onMisfit },
      ...{ analyse, limits },
    });
  const warmOperations = await prepare(options.operations);
  return {
    version: createHash('sha256').update(supergraphSdl).digest('hex').slice(0, 12),
    schema,
    warmOperations,
    subgraphs: readSubgraphAddresses(supergraph),
    checkSource(source) {
      if (!documents.knows(source)) checkSource(source, limits);
    },
    answer: (request, context) =>
      server.executeHTTPGraphQLRequest({ httpGraphQLRequest: request, context: async () => context }),
    prepare,
    async close() {
      await server.stop();
      await engine.close();
    },
  };
}

/** graphql-js adds one more, which says that there were too many. */
const maxValidationErrors = 9;

interface ServerOptions extends GenerationOptions {
  readonly validationRules: ValidationRule[];
  readonly documentStore: DocumentStore;
}

function createServer(parts: GenerationParts, options: ServerOptions): ApolloServer<RequestContext> {
  const serverOptions: ApolloServerOptions<RequestContext> = {
    gateway: {
      onSchemaLoadOrUpdate(callback) {
        callback({ apiSchema: parts.schema, coreSupergraphSdl: options.supergraphSdl });
        return () => {};
      },
      load: async () => ({
        executor: ({ document, source, queryHash, request, context }) =>
          options.runOperation(
            parts,
            {
              document,
              source,
              documentHash: queryHash,
              // As the client gave it: Apollo Server's own `operationName` is empty when no operation has that name.
              operationName: request.operationName,
              variables: request.variables ?? {},
            },
            context as RequestContext,
          ),
      }),
      stop: async () => {},
    },
    // Forbidden by a rule of ours where it is, so that it holds for documents prepared ahead too.
    introspection: true,
    hideSchemaDetailsFromClientErrors: true,
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: options.limits.maxTokens },
    validationOptions: { maxErrors: maxValidationErrors },
    validationRules: options.validationRules,
    documentStore: options.documentStore,
    formatError,
    // Without the line end that the default appends, for which the whole text would be copied.
    stringifyResult: (result) => JSON.stringify(result),
    plugins: [ApolloServerPluginLandingPageDisabled(), ...options.plugins],
  };
  return new ApolloServer(serverOptions);
}
