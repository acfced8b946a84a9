/** Where each subgraph of a supergraph is reached. */
import { type DocumentNode, Kind } from 'graphql';
import type { SubgraphTarget } from '../upstream/subgraph-client.ts';

/** Targets by subgraph name, from the `@join__graph` of the supergraph. */
export function readSubgraphAddresses(supergraph: DocumentNode): ReadonlyMap<string, SubgraphTarget> {
  const graphs = supergraph.definitions.find(
    (definition) => definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === 'join__Graph',
  );
  const targets = new Map<string, SubgraphTarget>();
  if (graphs?.kind !== Kind.ENUM_TYPE_DEFINITION) return targets;
  for (const graph of graphs.values ?? []) {
    const values = graph.directives?.find(({ name }) => name.value === 'join__graph')?.arguments ?? [];
    const [name, url] = ['name', 'url'].map((wanted) => {
      const value = values.find((argument) => argument.name.value === wanted)?.value;
      return value?.kind === Kind.STRING ? value.value : '';
    });
    if (name && url && URL.canParse(url)) targets.set(name, { name, url: new URL(url) });
  }
  return targets;
}
