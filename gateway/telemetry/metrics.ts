/** What the gateway counts, for Prometheus. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  /** `code` is `OK` or that of the first error; `operation` a registered name or `ad-hoc`. */
  countOperation(labels: { operation: string; code: string }, durationSeconds: number): void;
  countFetch(subgraph: string, outcome: string): void;
  /** Of a document that ran and will not once its client is held to the safelist. */
  countUnregistered(labels: { client: string; registered: string }): void;
  countLogin(code: string): void;
  countRefresh(code: string): void;
  countSession(event: string): void;
  setGeneration(version: string): void;
  /** The exposition text and its content type. */
  expose(): Promise<{ contentType: string; text: string }>;
}

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
  const generation = new Gauge({
    name: 'minigate_generation_info',
    help: 'The version of the supergraph in force.',
    labelNames: ['version'],
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
    setGeneration(version) {
      generation.reset();
      generation.set({ version }, 1);
    },
    expose: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}
