/** Asks a gateway and one schema with the same data the same random questions, and finds the first that differ. */
import { buildSchema, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { createRandom } from '../../../bench/random.ts';
import { composeSubgraphs } from '../../../registry/compose.ts';
import {
  type EngineName,
  type Federation,
  type FederationAnswer,
  startFederation,
} from '../../support/federation.ts';
import { differenceBetween } from './differences.ts';
import { createFaults, type Faults, noFaults } from './faults.ts';
import { type GeneratedOperation, generateOperation } from './generate-operation.ts';
import { minimise } from './minimise.ts';
import { type Monolith, toMonolith, toSubgraphs } from './serve-world.ts';

export interface FuzzOptions {
  readonly engine: EngineName;
  readonly seed: number;
  /** Operations to ask. */
  readonly count: number;
  /** The part of all fields of all things that are broken. Default 0. */
  readonly faultDensity?: number;
}

export interface FuzzReport {
  /** Operations whose answers were compared. */
  readonly compared: number;
  /** Operations that the gateway refused because the planner gave up, or planned too much. */
  readonly refused: number;
  /** Compared operations that have an error. */
  readonly withErrors: number;
  readonly difference?: FuzzDifference;
}

/** As small as it could be made. */
export interface FuzzDifference extends GeneratedOperation {
  /** Repeats this operation alone: the seed of the run and its position. */
  readonly seed: number;
  readonly position: number;
  readonly reason: string;
  readonly answer: FederationAnswer;
  readonly expected: ExecutionResult;
}

export async function fuzz({ engine, seed, count, faultDensity = 0 }: FuzzOptions): Promise<FuzzReport> {
  const faults = faultDensity > 0 ? createFaults(seed, faultDensity) : noFaults;
  const world = await startWorlds(engine, faults);
  const report = { compared: 0, refused: 0, withErrors: 0 };
  try {
    for (let position = 0; position < count; position++) {
      const operation = generateOperation(world.schema, createRandom(seed * 1_000_003 + position));
      const outcome = await compare(world, operation);
      if (outcome === 'refused') {
        report.refused += 1;
        continue;
      }
      report.compared += 1;
      if (outcome.expected.errors) report.withErrors += 1;
      if (outcome.reason === undefined) continue;
      const smallest = await minimise(operation, world.schema, async (candidate) =>
        isDifferent(await compare(world, candidate)),
      );
      const smallestOutcome = await compare(world, smallest);
      if (smallestOutcome === 'refused' || smallestOutcome.reason === undefined)
        throw new Error(`The answers to one operation are not the same each time:\n${smallest.source}`);
      const { reason, answer, expected } = smallestOutcome;
      return { ...report, difference: { ...smallest, seed, position, reason, answer, expected } };
    }
    return report;
  } finally {
    await world.federation.close();
  }
}

interface Worlds {
  readonly federation: Federation;
  readonly monolith: Monolith;
  readonly schema: GraphQLSchema;
}

async function startWorlds(engine: EngineName, faults: Faults): Promise<Worlds> {
  const subgraphs = toSubgraphs(faults);
  const { apiSchemaSdl } = composeSubgraphs(
    subgraphs.map(({ name, sdl }) => ({ name, sdl, routingUrl: 'http://-' })),
  );
  return {
    federation: await startFederation(subgraphs, engine),
    monolith: toMonolith(apiSchemaSdl, faults),
    schema: buildSchema(apiSchemaSdl),
  };
}

interface Comparison {
  readonly reason: string | undefined;
  readonly answer: FederationAnswer;
  readonly expected: ExecutionResult;
}

async function compare(
  { federation, monolith }: Worlds,
  { source, variables }: GeneratedOperation,
): Promise<Comparison | 'refused'> {
  const answer = await federation.ask({ query: source, variables });
  // Apollo's engine answers 500 where the planner gives up.
  if (answer.errors?.[0]?.extensions.code === 'PLAN_TOO_EXPENSIVE' || answer.status === 500) return 'refused';
  const expected = await monolith(source, variables);
  return { reason: differenceBetween(answer, expected), answer, expected };
}

function isDifferent(comparison: Comparison | 'refused'): boolean {
  return comparison !== 'refused' && comparison.reason !== undefined;
}
