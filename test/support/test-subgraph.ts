/** A subgraph for tests: a real HTTP server over a schema, which counts what reaches it. */
import { buildSubgraphSchema } from '@apollo/subgraph';
import Fastify from 'fastify';
import { graphql, parse } from 'graphql';
import { HEADER } from '../../subgraphs/verify/index.ts';

export interface TestSubgraph {
  readonly name: string;
  readonly sdl: string;
  readonly url: string;
  /** Requests received so far. */
  fetches(): number;
  close(): Promise<void>;
}

export interface TestSubgraphContext {
  /** As the gateway described it; unverified here. */
  readonly caller: unknown;
  readonly idempotencyKey: string | undefined;
}

export interface TestSubgraphDefinition {
  readonly name: string;
  readonly sdl: string;
  readonly resolvers: Readonly<Record<string, unknown>>;
}

export async function startTestSubgraph({
  name,
  sdl,
  resolvers,
}: TestSubgraphDefinition): Promise<TestSubgraph> {
  const schema = buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: resolvers as never });
  const app = Fastify({ forceCloseConnections: true });
  let fetches = 0;
  app.post<{ Body: { query: string; operationName?: string; variables?: Record<string, unknown> } }>(
    '/graphql',
    async ({ body, headers }) => {
      fetches += 1;
      const principal = headers[HEADER.principal];
      const contextValue: TestSubgraphContext = {
        caller:
          typeof principal === 'string'
            ? JSON.parse(Buffer.from(principal, 'base64url').toString())
            : undefined,
        idempotencyKey: headers[HEADER.idempotencyKey] as string | undefined,
      };
      return graphql({
        schema,
        source: body.query,
        operationName: body.operationName,
        variableValues: body.variables,
        contextValue,
      });
    },
  );
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  return { name, sdl, url: `${origin}/graphql`, fetches: () => fetches, close: () => app.close() };
}
