/** What the gateway counts, for Prometheus. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { RequestCost } from '../request-context.ts';

export interface Metrics {
  /** `code` is `OK` or that of the first error; `operation` a registered name or `ad-hoc`. */
  countOperation(labels: { operation: string; code: string }, durationSeconds: number): void;
  countFetch(subgraph: string, outcome: string): void;
  /** Of a document that ran and will not once its client is held to the safelist. */
  countUnregistered(labels: { client: string; registered: string }): void;
  countLogin(code: string): void;
  countRefresh(code: string): void;
  countSession(event: string): void;
  countShed(reason: string): void;
  /** How late the event loop was in the last tenth of a second. */
  observeLag(seconds: number): void;
  observeCost(cost: RequestCost): void;
  /** Of what a budget in Redis could not do: `take` was done in memory instead, `giveBack` not at all. */
  countBudgetMiss(step: 'take' | 'giveBack'): void;
  setGeneration(version: string): void;
  /** Of types and fields that the policy names and the newest supergraph does not have. */
  setUnknownCoordinates(count: number): void;
  /** The exposition text and its content type. */
  expose(): Promise<{ contentType: string; text: string }>;
}

const costBuckets = [0, 10, 50, 100, 500, 1_000, 2_000, 5_000, 10_000];
const durationBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const operations = new Counter({
    name: 'minigate_operations_total',
    help: 'GraphQL requests answered, by operation and by the code of their first error.',
    labelNames: ['operation', 'code'],
    registers,
  });
  const durations = new Histogram({
    name: 'minigate_operation_duration_seconds',
    help: 'Time from the first byte of a GraphQL request to the last of its answer.',
    labelNames: ['operation'],
    buckets: durationBuckets,
    registers,
  });
  const fetches = new Counter({
    name: 'minigate_subgraph_fetches_total',
    help: 'Requests sent to subgraphs, by subgraph and outcome.',
    labelNames: ['subgraph', 'outcome'],
    registers,
  });
  const unregistered = new Counter({
    name: 'minigate_unregistered_operations_total',
    help: 'Documents that ran though they came as text, by client and by whether their id is registered.',
    labelNames: ['client', 'registered'],
    registers,
  });
  const logins = new Counter({
    name: 'minigate_logins_total',
    help: 'Logins, by outcome.',
    labelNames: ['code'],
    registers,
  });
  const refreshes = new Counter({
    name: 'minigate_refreshes_total',
    help: 'Uses of refresh tokens, by outcome.',
    labelNames: ['code'],
    registers,
  });
  const sessions = new Counter({
    name: 'minigate_session_events_total',
    help: 'What befell sessions: rotated, repeated, reused, damaged, unavailable, unconfirmed.',
    labelNames: ['event'],
    registers,
  });
  const shed = new Counter({
    name: 'minigate_shed_total',
    help: 'Requests refused because the process had more to do than it can, by reason.',
    labelNames: ['reason'],
    registers,
  });
  const lag = new Histogram({
    name: 'minigate_event_loop_lag_seconds',
    help: 'Lag of the event loop, sampled ten times a second.',
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  });
  const costs = (name: string, help: string, buckets: readonly number[]) =>
    new Histogram({ name, help, labelNames: ['result'], buckets: [...buckets], registers });
  const estimatedCosts = costs(
    'minigate_cost_estimated',
    'Cost units of operations as estimated before they ran, by what the demand control said of them.',
    costBuckets,
  );
  const actualCosts = costs(
    'minigate_cost_actual',
    'Cost units of the answers as they came, by what the demand control had said of them.',
    costBuckets,
  );
  const costDeltas = costs(
    'minigate_cost_delta',
    'Actual less estimated cost: below zero where the estimate was too high.',
    [...costBuckets.map((bucket) => -bucket).reverse(), ...costBuckets],
  );
  const budgetMisses = new Counter({
    name: 'minigate_budget_misses_total',
    help: 'Requests whose budget could not be reached in Redis, by step.',
    labelNames: ['step'],
    registers,
  });
  const generation = new Gauge({
    name: 'minigate_generation_info',
    help: 'The version of the supergraph in force.',
    labelNames: ['version'],
    registers,
  });
  const unknownCoordinates = new Gauge({
    name: 'minigate_policy_unknown_coordinates',
    help: 'Types and fields that the policy names and the newest supergraph does not have.',
    registers,
  });
  return {
    countOperation({ operation, code }, durationSeconds) {
      operations.inc({ operation, code });
      durations.observe({ operation }, durationSeconds);
    },
    countFetch: (subgraph, outcome) => fetches.inc({ subgraph, outcome }),
    countUnregistered: (labels) => unregistered.inc(labels),
    countLogin: (code) => logins.inc({ code }),
    countRefresh: (code) => refreshes.inc({ code }),
    countSession: (event) => sessions.inc({ event }),
    countShed: (reason) => shed.inc({ reason }),
    observeLag: (seconds) => lag.observe(seconds),
    observeCost({ estimated, actual, result }) {
      estimatedCosts.observe({ result }, estimated);
      if (actual === undefined) return;
      actualCosts.observe({ result }, actual);
      costDeltas.observe({ result }, actual - estimated);
    },
    countBudgetMiss: (step) => budgetMisses.inc({ step }),
    setGeneration(version) {
      generation.reset();
      generation.set({ version }, 1);
    },
    setUnknownCoordinates: (count) => unknownCoordinates.set(count),
    expose: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}
