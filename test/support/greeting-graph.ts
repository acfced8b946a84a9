/** A subgraph that greets, and its supergraphs: the fields that each version publishes. */
import { documentIdOf } from '../../gateway/persisted/safelist.ts';
import { composeSubgraphs } from '../../registry/compose.ts';
import type { TestSubgraphDefinition } from './test-subgraph.ts';

export const greetingGraph: TestSubgraphDefinition = {
  name: 'greeting',
  sdl: 'type Query { hello: String goodbye: String }',
  resolvers: { Query: { hello: () => 'hello', goodbye: () => 'goodbye' } },
};

export const hello = 'query Hello { hello }';
export const goodbye = 'query Goodbye { goodbye }';

/** With these fields of it, each a registered query for any client. */
export function toGreetings(url: string, fields: readonly ('hello' | 'goodbye')[]) {
  const sdl = `type Query { ${fields.map((field) => `${field}: String`).join(' ')} }`;
  const bodies = fields.map((field) => (field === 'hello' ? hello : goodbye));
  return {
    supergraphSdl: composeSubgraphs([{ name: 'greeting', routingUrl: url, sdl }]).supergraphSdl,
    manifests: [{ operations: bodies.map(toOperation) }],
  };
}

export function toOperation(body: string) {
  return { id: documentIdOf(body), body, name: body.split(' ')[1] ?? '', type: 'query' as const };
}
