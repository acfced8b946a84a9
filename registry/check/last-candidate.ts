/** What the last candidate came to: a publish follows its check, and need not do the work again. */
import { hash } from 'node:crypto';
import type { SubgraphSchema } from '../compose.ts';
import type { Measured, OperationText } from './measure-operations.ts';

/** What follows from texts alone, whoever asks and whatever else is in force. */
export interface KnownCandidate {
  readonly supergraphSdl: string;
  readonly apiSchemaSdl: string;
  /** By `textKey`; with plans. */
  readonly measured: ReadonlyMap<string, Measured>;
}

export interface LastCandidate {
  /**
   * Where the same schemas, or what is known to be composed of them, came before. Else what was known is forgotten, so
   * that it takes no memory beside the next.
   *
   * @param composed what others composed of the schemas
   */
  recall(subgraphs: readonly SubgraphSchema[], composed: string | undefined): KnownCandidate | undefined;
  /** Of a supergraph that was the last candidate, or in force then. */
  apiSchemaSdl(supergraphSdl: string | undefined): string | undefined;
  /** Of the candidate that was asked for by `recall`. @param inForce what it was compared with, and its API schema */
  keep(
    known: KnownCandidate,
    inForce: readonly [supergraphSdl: string, apiSchemaSdl: string] | undefined,
  ): void;
}

export function createLastCandidate(): LastCandidate {
  let known: KnownCandidate | undefined;
  let schemas: string | undefined;
  let apiSchemas: ReadonlyMap<string, string> = new Map();
  return {
    recall(subgraphs, composed) {
      const asked = composed === undefined ? hashOf(subgraphs) : undefined;
      const isKnown = composed === undefined ? asked === schemas : composed === known?.supergraphSdl;
      if (!isKnown) known = undefined;
      schemas = asked;
      return known;
    },
    apiSchemaSdl: (supergraphSdl) =>
      supergraphSdl === undefined ? undefined : apiSchemas.get(supergraphSdl),
    keep(found, inForce) {
      known = found;
      apiSchemas = new Map([...(inForce ? [inForce] : []), [found.supergraphSdl, found.apiSchemaSdl]]);
    },
  };
}

export function textKey({ name, body }: Pick<OperationText, 'name' | 'body'>): string {
  return `${name} ${body}`;
}

function hashOf(subgraphs: readonly SubgraphSchema[]): string {
  return hash(
    'sha256',
    JSON.stringify(subgraphs.map(({ name, routingUrl, sdl }) => [name, routingUrl, sdl])),
  );
}
