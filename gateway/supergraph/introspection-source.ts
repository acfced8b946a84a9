/** In development: serves what running GraphQL servers say of themselves, federated or not, composed here. */
import {
  buildClientSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { StartupError } from '../startup-error.ts';
import { type LookAgain, lookAgain } from './look-again.ts';
import type { ReleaseSource, Serve, SourceEvents } from './release.ts';
import { createTroubleReport } from './report-trouble.ts';

export interface IntrospectedSubgraph {
  readonly name: string;
  readonly url: URL;
}

/** What a server answered; `reason` where it has no data. */
export interface IntrospectionAnswer {
  readonly data?: unknown;
  readonly reason?: string;
}

export interface IntrospectionSourceOptions extends SourceEvents {
  readonly subgraphs: readonly IntrospectedSubgraph[];
  /** Sends a query, within a time and size. */
  readonly ask: (subgraph: IntrospectedSubgraph, query: string) => Promise<IntrospectionAnswer>;
  readonly intervalMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createIntrospectionSource(options: IntrospectionSourceOptions): ReleaseSource {
  const { subgraphs, ask, intervalMs, now } = options;
  const report = createTroubleReport(options, now);
  let served: string | undefined;
  let watch: LookAgain | undefined;

  const look = async (serve: Serve): Promise<void> => {
    const schemas = await Promise.all(
      subgraphs.map(async (subgraph) => ({
        name: subgraph.name,
        routingUrl: subgraph.url.href,
        sdl: await readSdl(subgraph, ask),
      })),
    );
    const found = JSON.stringify(schemas);
    if (found === served) return;
    // Composition is large, and for development alone.
    const { composeSubgraphs } = await import('../../registry/compose.ts');
    await serve({ supergraphSdl: composeSubgraphs(schemas).supergraphSdl });
    served = found;
  };

  return {
    async begin(serve) {
      try {
        await look(serve);
        report.note(undefined);
      } catch (error) {
        throw error instanceof StartupError
          ? error
          : new StartupError((error as Error).message, { cause: error });
      }
    },
    follow(serve) {
      watch = lookAgain({ look: () => look(serve), intervalMs, onLooked: report.note });
    },
    state: () => ({ kind: 'introspection', ...report.state() }),
    async close() {
      await watch?.stop();
    },
  };
}

/** A federated subgraph says its own SDL, which introspection would lose the directives of. @throws StartupError */
async function readSdl(
  subgraph: IntrospectedSubgraph,
  ask: IntrospectionSourceOptions['ask'],
): Promise<string> {
  const federated = await ask(subgraph, '{ _service { sdl } }');
  const { sdl } = (federated.data as { _service?: { sdl?: unknown } } | null)?._service ?? {};
  if (typeof sdl === 'string' && sdl !== '') return sdl;
  const { data, reason } = await ask(subgraph, getIntrospectionQuery());
  try {
    return printSchema(lexicographicSortSchema(buildClientSchema(data as IntrospectionQuery)));
  } catch (cause) {
    throw new StartupError(
      `The subgraph ${subgraph.name} at ${subgraph.url.href} cannot be introspected: ${reason ?? (cause as Error).message}\n` +
        'Start it first, and let it answer introspection.',
      { cause },
    );
  }
}
