/** Composes the schemas of subgraphs into one supergraph, or says why they do not fit together. */
import { composeServices } from '@apollo/composition';
import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { type DocumentNode, GraphQLError, parse, printSchema } from 'graphql';
import { findUnsatisfiable } from './check-satisfiability.ts';

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
  const supergraphSdl = composeSupergraph(subgraphs);
  return { supergraphSdl, apiSchemaSdl: toApiSchemaSdl(supergraphSdl) };
}

/** The supergraph alone, as SDL. @throws CompositionError */
export function composeSupergraph(subgraphs: readonly SubgraphSchema[]): string {
  const { supergraphSdl, requireSatisfiable } = mergeSubgraphs(subgraphs);
  requireSatisfiable();
  return supergraphSdl;
}

export interface Merged {
  readonly supergraphSdl: string;
  /** @throws CompositionError where clients could ask what cannot be fetched */
  requireSatisfiable(): void;
}

/** The first half of composing: a supergraph of which it is not known yet whether all of it can be fetched. @throws CompositionError */
export function mergeSubgraphs(subgraphs: readonly SubgraphSchema[]): Merged {
  const { errors, schema, supergraphSdl } = composeServices(
    subgraphs.map(({ name, routingUrl, sdl }) => ({
      name,
      url: routingUrl,
      typeDefs: parseSubgraph(name, sdl),
    })),
    { runSatisfiability: false },
  );
  if (errors) throw new CompositionError(errors.map(toProblem));
  return {
    supergraphSdl,
    requireSatisfiable() {
      const unsatisfiable = findUnsatisfiable(schema);
      if (unsatisfiable.length > 0) throw new CompositionError(unsatisfiable.map(toProblem));
    },
  };
}

/** What a client may ask of a supergraph, as SDL. */
export function toApiSchemaSdl(supergraphSdl: string): string {
  const supportedFeatures = ROUTER_SUPPORTED_SUPERGRAPH_FEATURES;
  return printSchema(Supergraph.build(supergraphSdl, { supportedFeatures }).apiSchema().toGraphQLJSSchema());
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
