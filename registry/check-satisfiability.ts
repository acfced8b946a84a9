/**
 * Checks that whatever clients may ask of a supergraph can be fetched from its subgraphs. The rules are Apollo's; the order
 * is not. Apollo goes as deep as it can before it looks at a neighbour, and each step copies the whole way there: in a
 * graph of 2,000 types the ways are thousands of steps long and fill gigabytes. Nearest first, they stay short.
 */
import { ValidationContext, ValidationState } from '@apollo/composition';
import { ERRORS, type Schema, Supergraph, typenameFieldName } from '@apollo/federation-internals';
import {
  buildFederatedQueryGraph,
  buildSupergraphAPIQueryGraph,
  QueryGraphState,
  simpleValidationConditionResolver,
} from '@apollo/query-graphs';
import type { GraphQLError } from 'graphql';

/** Ways into subgraphs that may be open at once until composing counts as too complex. */
const maxOpenPaths = 100_000;

type Visits = Parameters<ValidationState['canSkipVisit']>[1];
type MutationErrors = Parameters<ValidationState['validateTransition']>[4];

/** @param schema as merging makes it @returns every reason found; none when all can be fetched */
export function findUnsatisfiable(schema: Schema): readonly GraphQLError[] {
  const supergraph = new Supergraph(schema, null);
  const supergraphAPI = buildSupergraphAPIQueryGraph(supergraph);
  const federatedQueryGraph = buildFederatedQueryGraph(supergraph, false);
  const graphNames = supergraph.subgraphNameToGraphEnumValue();
  const context = new ValidationContext(schema, graphNames);
  const conditionResolver = simpleValidationConditionResolver({
    ...{ supergraph: schema, queryGraph: federatedQueryGraph, withCaching: true },
  });
  const visits: Visits = new QueryGraphState();
  const errors: GraphQLError[] = [];
  const mutationErrors: MutationErrors = new Map();

  const statesAfter = (state: ValidationState): ValidationState[] => {
    if (state.canSkipVisit(graphNames, visits)) return [];
    return state.supergraphPath.nextEdges().flatMap((edge) => {
      if (edge.isEdgeForField(typenameFieldName)) return [];
      const { overrideCondition: override, transition } = edge;
      const chosen = state.selectedOverrideConditions;
      if (override && chosen.has(override.label) && !edge.satisfiesOverrideConditions(chosen)) return [];
      const contexts =
        transition.kind === 'FieldCollection' ? context.matchingContexts(edge.head.type.name) : [];
      const { state: next } = state.validateTransition(context, edge, contexts, errors, mutationErrors);
      return next && !next.supergraphPath.isTerminal() ? [next] : [];
    });
  };

  let level = supergraphAPI.rootKinds().map((kind) =>
    ValidationState.initial({
      ...{ supergraphAPI, kind, federatedQueryGraph, conditionResolver },
      overrideConditions: new Map(),
    }),
  );
  while (level.length > 0) {
    let open = 0;
    const next: ValidationState[] = [];
    for (const state of level)
      for (const after of statesAfter(state)) {
        open += after.allSubgraphPathsCount();
        if (open > maxOpenPaths)
          return [
            ERRORS.MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED.err(
              `Maximum number of validation subgraph paths exceeded: ${open}`,
            ),
          ];
        next.push(after);
      }
    level = next;
  }
  return [...errors, ...toMutationErrors(mutationErrors)];
}

/** A mutation runs in one subgraph: of those that have it, one must be able to give all that lies behind it. */
function toMutationErrors(found: MutationErrors): GraphQLError[] {
  return [...found].flatMap(([field, bySubgraph]) => {
    if ([...bySubgraph.values()].some((errors) => errors.length === 0)) return [];
    const reasons = [...bySubgraph].flatMap(([subgraph, errors]) => [
      `- When calling "${field}" at top-level from subgraph "${subgraph}":`,
      ...errors.flatMap(({ message }) => message.split('\n').map((line) => (line ? `  ${line}` : line))),
    ]);
    return [
      ERRORS.SATISFIABILITY_ERROR.err(
        [
          `Supergraph API queries using the mutation field "${field}" at top-level must be satisfiable without needing to call that field from multiple subgraphs, but every subgraph with that field encounters satisfiability errors. Please fix these satisfiability errors for (at least) one of the following subgraphs with the mutation field:`,
          ...reasons,
        ].join('\n'),
      ),
    ];
  });
}
