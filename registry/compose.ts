/** Composes the schemas of subgraphs into one supergraph, or says why they do not fit together. */
import { composeServices } from '@apollo/composition';
import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { type DocumentNode, GraphQLError, parse, printSchema } from 'graphql';

export interface SubgraphSchema {
  readonly name: string;
  /** Where the gateway sends requests for it. */
  readonly routingUrl: string;
  readonly sdl: string;
}

export interface Composition {
  readonly supergraphSdl: string;
  /** What a client may ask, as SDL: the supergraph without its federation directives and inaccessible parts. */
  readonly apiSchemaSdl: string;
}

export interface CompositionProblem {
  readonly message: string;
  /** The composition rule that failed, such as `INVALID_FIELD_SHARING`. */
  readonly code: string;
}

/** The subgraphs do not compose; `problems` holds every reason found, in the order of the schema. */
export class CompositionError extends Error {
  override readonly name = 'CompositionError';
  readonly problems: readonly CompositionProblem[];

  constructor(problems: readonly CompositionProblem[]) {
    super(
      `The subgraphs do not compose:\n${problems.map((problem) => `  ${problem.code}: ${problem.message}`).join('\n')}`,
    );
    this.problems = problems;
  }
}

/** @throws CompositionError */
export function composeSubgraphs(subgraphs: readonly SubgraphSchema[]): Composition {
  const result = composeServices(
    subgraphs.map(({ name, routingUrl, sdl }) => ({
      name,
      url: routingUrl,
      typeDefs: parseSubgraph(name, sdl),
    })),
  );
  if (result.errors) throw new CompositionError(result.errors.map(toProblem));
  const apiSchema = Supergraph.build(result.supergraphSdl, {
    supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
  })
    .apiSchema()
    .toGraphQLJSSchema();
  return { supergraphSdl: result.supergraphSdl, apiSchemaSdl: printSchema(apiSchema) };
}

function parseSubgraph(name: string, sdl: string): DocumentNode {
  try {
    return parse(sdl);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const { line, column } = error.locations?.[0] ?? { line: 0, column: 0 };
    throw new CompositionError([
      { code: 'INVALID_GRAPHQL', message: `[${name}] line ${line}, column ${column}: ${error.message}` },
    ]);
  }
}

function toProblem(error: GraphQLError): CompositionProblem {
  const code = error.extensions.code;
  return { code: typeof code === 'string' ? code : 'COMPOSITION_FAILED', message: error.message };
}
