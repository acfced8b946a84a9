/** What is done with schemas in a process of its own, because it may take long: nothing of it holds up who asks the registry. */
import { buildSchema, type GraphQLSchema } from 'graphql';
import { toApiSchemaSdl } from '../compose.ts';
import { checkCandidate } from './check-candidate.ts';
import { type CoordinateQuestion, findAsking } from './find-asking.ts';
import type { SchemaChange } from './problem.ts';
import { findSchemaChanges } from './schema-changes.ts';

/** Two supergraphs. */
export interface Difference {
  readonly before: string;
  readonly after: string;
}

export const tasks = {
  check: checkCandidate,
  diff: ({ before, after }: Difference): SchemaChange[] =>
    findSchemaChanges(toApiSchema(before), toApiSchema(after)),
  asking: ({ supergraphSdl, ...question }: CoordinateQuestion & { readonly supergraphSdl: string }) =>
    findAsking(toApiSchema(supergraphSdl), question),
};

export type TaskName = keyof typeof tasks;
export type Job<Name extends TaskName> = Parameters<(typeof tasks)[Name]>[0];
export type Outcome<Name extends TaskName> = Awaited<ReturnType<(typeof tasks)[Name]>>;

function toApiSchema(supergraphSdl: string): GraphQLSchema {
  return buildSchema(toApiSchemaSdl(supergraphSdl), { assumeValid: true });
}
