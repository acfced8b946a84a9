/** Runs a federated graph for tests: subgraphs over HTTP, a gateway before them, and one verb to ask it. */
import { request } from 'undici';
import { startTestGateway } from './test-gateway.ts';
import { startTestSubgraph, type TestSubgraphDefinition } from './test-subgraph.ts';

export type EngineName = 'minigate' | 'apollo';

/** The engines that every scenario runs on. */
export const engines: readonly EngineName[] = ['minigate', 'apollo'];

export interface FederationRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
}

export interface FederationError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string };
}

export interface FederationAnswer {
  readonly status: number;
  /** The body as it came. */
  readonly text: string;
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly FederationError[];
}

export interface FederationSubgraph extends TestSubgraphDefinition {
  /** The schema it really serves, where that is not the one it publishes. */
  readonly servedSdl?: string;
}

export interface Federation {
  ask(request: FederationRequest): Promise<FederationAnswer>;
  /** Requests that have reached any subgraph. */
  fetches(): number;
  close(): Promise<void>;
}

/** Where a subgraph is reached; what stands before it, if anything, gives another address. */
export type Address = (subgraph: { readonly name: string; readonly url: string }) => Promise<string>;

const noBudget = { capacity: 0 };
const noLimits = {
  maxTokens: 1_000_000,
  maxDepth: 1_000,
  maxAliases: 10_000,
  maxDirectives: 10_000,
  maxSelections: 1_000_000,
  maxRootFields: 10_000,
  maxRootAliases: 10_000,
  maxMutations: 10_000,
  maxCost: Number.MAX_SAFE_INTEGER,
};

export async function startFederation(
  definitions: readonly FederationSubgraph[],
  engine: EngineName,
  address: Address = async ({ url }) => url,
): Promise<Federation> {
  const started = await Promise.all(
    definitions.map(async (definition) => {
      const subgraph = await startTestSubgraph({
        ...definition,
        sdl: definition.servedSdl ?? definition.sdl,
      });
      return { subgraph, sdl: definition.sdl, url: await address(subgraph) };
    }),
  );
  const subgraphs = started.map(({ subgraph }) => subgraph);
  const gateway = await startTestGateway({
    subgraphs: started.map(({ subgraph: { name }, sdl, url }) => ({ name, sdl, url })),
    config: { dev: true, engine, limits: noLimits, budgets: { address: noBudget, app: noBudget } },
  });
  return {
    ask: (body) => ask(gateway.url, body),
    fetches: () => subgraphs.reduce((sum, { received }) => sum + received.length, 0),
    async close() {
      await gateway.close();
      await Promise.all(subgraphs.map((subgraph) => subgraph.close()));
    },
  };
}

async function ask(url: string, body: FederationRequest): Promise<FederationAnswer> {
  const response = await request(new URL('/graphql', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.body.text();
  const { data, errors } = JSON.parse(text) as Pick<FederationAnswer, 'data' | 'errors'>;
  return {
    status: response.statusCode,
    text,
    ...(data !== undefined && { data }),
    ...(errors !== undefined && { errors }),
  };
}
