/**
 * Apollo Server over one generation: it parses and validates documents that are met for the first time. It is given
 * nothing to decide about HTTP, which the stages before it have done.
 */
import { ApolloServer, type ApolloServerOptions, type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { DocumentNode, ExecutionResult, GraphQLSchema, ValidationRule } from 'graphql';
import { formatError } from './format-error.ts';
import { type GraphqlAnswer, noteErrors } from './graphql-answer.ts';
import type { RequestContext } from './request-context.ts';

/** An operation as a client asks it. */
export interface AskedOperation {
  readonly source: string;
  readonly operationName: string | undefined;
  /** As the client sent them. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** One whose document is valid against the schema. */
export interface ValidOperation extends AskedOperation {
  readonly document: DocumentNode;
  /** Names the document in caches: SHA-256 of `source`. */
  readonly documentHash: string;
}

export interface GraphqlServer {
  answer(operation: AskedOperation, context: RequestContext): Promise<GraphqlAnswer>;
  close(): Promise<void>;
}

export interface GraphqlServerOptions {
  readonly schema: GraphQLSchema;
  readonly supergraphSdl: string;
  readonly validationRules: ValidationRule[];
  readonly maxTokens: number;
  /** What comes after validation. */
  readonly run: (operation: ValidOperation, context: RequestContext) => Promise<ExecutionResult>;
  /** Told of each document that is valid. */
  readonly onValid: (operation: Omit<ValidOperation, 'operationName' | 'variables'>) => void;
}

/** graphql-js adds one more, which says that there were too many. */
const maxValidationErrors = 9;

export async function startGraphqlServer(options: GraphqlServerOptions): Promise<GraphqlServer> {
  const { schema, supergraphSdl, validationRules, maxTokens, run, onValid } = options;
  const serverOptions: ApolloServerOptions<RequestContext> = {
    gateway: {
      onSchemaLoadOrUpdate(callback) {
        callback({ apiSchema: schema, coreSupergraphSdl: supergraphSdl });
        return () => {};
      },
      load: async () => ({
        executor({ document, source, queryHash, request, context }) {
          onValid({ document, source, documentHash: queryHash });
          // The name as the client gave it: Apollo Server's own is empty when no operation has that name.
          const { operationName, variables = {} } = request;
          return run(
            { document, source, documentHash: queryHash, operationName, variables },
            context as RequestContext,
          );
        },
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
    parseOptions: { maxTokens },
    validationOptions: { maxErrors: maxValidationErrors },
    validationRules,
    documentStore: null,
    formatError,
    // Without the line end that the default appends, for which the whole text would be copied.
    stringifyResult: (result) => JSON.stringify(result),
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      observeErrors,
    ],
  };
  const server = new ApolloServer(serverOptions);
  await server.start();
  return {
    async answer({ source, operationName, variables }, context) {
      const { status, headers, body } = await server.executeHTTPGraphQLRequest({
        httpGraphQLRequest: {
          method: 'POST',
          headers: new HeaderMap([['content-type', 'application/json']]),
          search: '',
          body: { query: source, variables, ...(operationName && { operationName }) },
        },
        context: async () => context,
      });
      headers.delete('content-type');
      if (body.kind !== 'complete') throw new Error('An answer came in parts.');
      return { status: status ?? 200, headers: Object.fromEntries(headers), text: body.string };
    },
    close: () => server.stop(),
  };
}

const observeErrors: ApolloServerPlugin<RequestContext> = {
  async requestDidStart({ contextValue: { outcome } }) {
    return {
      async didEncounterErrors({ errors }) {
        noteErrors(errors, outcome);
      },
    };
  },
};
