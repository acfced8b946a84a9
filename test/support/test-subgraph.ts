/** A subgraph for tests: a real HTTP server over a schema, which keeps what reaches it and misbehaves when told to. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { buildSubgraphSchema } from '@apollo/subgraph';
import Fastify from 'fastify';
import { graphql, parse } from 'graphql';
import { HEADER } from '../../subgraphs/verify/index.ts';

export interface ReceivedFetch {
  readonly headers: IncomingHttpHeaders;
  /** As it came; empty when the subgraph misbehaves. */
  readonly body: string;
}

/** Answers in place of the schema, or does not answer. */
export type Misbehaviour = (request: IncomingMessage, response: ServerResponse) => void;

export interface TestSubgraph {
  readonly name: string;
  readonly sdl: string;
  readonly url: string;
  /** All that arrived so far, in its order. */
  readonly received: readonly ReceivedFetch[];
  /** From now on; `undefined` to behave again. */
  misbehave(misbehaviour: Misbehaviour | undefined): void;
  /** What it says of its answers from now on; nothing at first. */
  cacheControl(header: string | undefined): void;
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
  const received: ReceivedFetch[] = [];
  let misbehaviour: Misbehaviour | undefined;
  let cacheControl: string | undefined;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    async (_: unknown, body: string) => body,
  );
  app.addHook('onRequest', async (request, reply) => {
    if (!misbehaviour) return;
    received.push({ headers: request.headers, body: '' });
    reply.hijack();
    misbehaviour(request.raw, reply.raw);
  });
  app.post<{ Body: string }>('/graphql', async ({ body, headers }, reply) => {
    received.push({ headers, body });
    if (cacheControl !== undefined) reply.header('cache-control', cacheControl);
    const { query, operationName, variables } = JSON.parse(body);
    return graphql({
      schema,
      source: query,
      operationName,
      variableValues: variables,
      contextValue: toContext(headers),
    });
  });
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    name,
    sdl,
    url: `${origin}/graphql`,
    received,
    misbehave(wanted) {
      misbehaviour = wanted;
    },
    cacheControl(header) {
      cacheControl = header;
    },
    close: () => app.close(),
  };
}

function toContext(headers: IncomingHttpHeaders): TestSubgraphContext {
  const principal = headers[HEADER.principal];
  const idempotencyKey = headers[HEADER.idempotencyKey];
  return {
    caller:
      typeof principal === 'string' ? JSON.parse(Buffer.from(principal, 'base64url').toString()) : undefined,
    idempotencyKey: typeof idempotencyKey === 'string' ? idempotencyKey : undefined,
  };
}
