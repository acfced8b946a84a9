/** Runs operations on @apollo/gateway: its planner and executor, with our client between it and the subgraphs. */
import { ApolloGateway, type GraphQLDataSource, type GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  Kind,
  print,
  visit,
} from 'graphql';
import type { Logger } from 'pino';
import type { SubgraphClient, SubgraphRequestContext } from '../upstream/subgraph-client.ts';
import { fragmentsOf } from './collect-fields.ts';
import type { Engine } from './execute.ts';
import { compileIntrospection } from './introspect.ts';

// @apollo/gateway reports to its maker unless this is set before the first one is made.
process.env.APOLLO_TELEMETRY_DISABLED = '1';

export interface ApolloEngineOptions {
  readonly supergraph: DocumentNode;
  readonly subgraphs: SubgraphClient;
  readonly log: Logger;
}

export async function createApolloEngine({
  supergraph,
  subgraphs,
  log,
}: ApolloEngineOptions): Promise<Engine> {
  const gateway = new ApolloGateway({
    supergraphSdl: print(withoutSecurityPurposes(supergraph)),
    buildService: ({ name, url }) => createDataSource(name, url, subgraphs),
    queryPlannerConfig: { reuseQueryFragments: false, debug: { maxEvaluatedPlans: 500 } },
    validateSupergraph: true,
    __exposeQueryPlanExperimental: false,
    logger: {
      debug: () => {},
      info: (message: string) => log.debug(message),
      warn: (message: string) => log.warn(message),
      error: (message: string) => log.error(message),
    },
  });
  let apiSchema: GraphQLSchema | undefined;
  gateway.onSchemaLoadOrUpdate((loaded) => {
    apiSchema = loaded.apiSchema;
  });
  const { executor } = await gateway.load({ apollo: {} });
  if (!executor || !apiSchema) throw new Error('The gateway loaded no schema.');
  const schema = apiSchema;
  return {
    apiSchema: schema,
    async execute({ document, source, documentHash, operation, variables, visibleSchema }, context) {
      const result = await executor({
        document,
        source,
        queryHash: documentHash,
        operation,
        operationName: operation.name?.value ?? null,
        request: { query: source, operationName: operation.name?.value, variables },
        context,
        schema,
        schemaHash: '',
        cache: undefined,
        metrics: {},
        logger: log,
        overallCachePolicy: undefined,
      } as unknown as Parameters<typeof executor>[0]);
      // It shows the whole schema to everyone who may ask for it.
      const introspect =
        visibleSchema && compileIntrospection(visibleSchema, fragmentsOf(document), operation);
      if (introspect && result.data) Object.assign(result.data, introspect(variables));
      return result as ExecutionResult;
    },
    // It plans at the first request, and takes no plans from outside.
    prepare: async () => {},
    close: () => gateway.stop(),
  };
}

function createDataSource(
  name: string,
  url: string | undefined,
  subgraphs: SubgraphClient,
): GraphQLDataSource<SubgraphRequestContext & Record<string, unknown>> {
  const target = { name, url: new URL(url ?? '') };
  return {
    async process({
      request,
      context,
    }: GraphQLDataSourceProcessOptions<SubgraphRequestContext & Record<string, unknown>>) {
      const { query, operationName, variables } = request;
      const body = JSON.stringify({ query, operationName, variables });
      const answer = await subgraphs.send(target, body, context as SubgraphRequestContext);
      const errors = answer.errors.map(({ path, ...error }) => ({ ...error, path: path ?? [] }));
      return { data: answer.data, ...(errors.length > 0 && { errors }) };
    },
  };
}

/**
 * The supergraph without the marks that forbid @apollo/gateway to load it: it does not enforce `@authenticated`,
 * `@requiresScopes` and `@policy`. The stage before does, or has refused the supergraph.
 */
function withoutSecurityPurposes(supergraph: DocumentNode): DocumentNode {
  const enforced = /^https:\/\/specs\.apollo\.dev\/(authenticated|requiresScopes|policy)\//;
  const urlOf = (link: ConstDirectiveNode): string => {
    const url = link.arguments?.find(({ name }) => name.value === 'url')?.value;
    return url?.kind === Kind.STRING ? url.value : '';
  };
  return visit(supergraph, {
    [Kind.DIRECTIVE]: (directive) =>
      directive.name.value === 'link' && enforced.test(urlOf(directive as ConstDirectiveNode))
        ? { ...directive, arguments: directive.arguments?.filter(({ name }) => name.value !== 'for') }
        : undefined,
  });
}
