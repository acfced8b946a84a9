/** What the gateway counts, for Prometheus. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { RequestCost } from '../request-context.ts';
import { registerHistogram } from './histogram.ts';

export interface Metrics {
  /**
   * `code` is `OK` or that of the first error; `operation` a registered name or `ad-hoc`; `environment` is there where the
   * gateway serves several.
   */
  countOperation(
    labels: { operation: string; code: string; environment?: string },
    durationSeconds: number,
  ): void;
  countFetch(subgraph: string, outcome: string): void;
  /** Of a document that ran and will not once its client is held to the safelist. */
  countUnregistered(labels: { client: string; registered: string }): void;
  countLogin(code: string): void;
  countRefresh(code: string): void;
  countSession(event: string): void;
  /** Of a try to delete what a person takes back. */
  countForget(outcome: string): void;
  countShed(reason: string): void;
  /** Of a request that came from where, or more often than, it may. */
  countAdmissionRefusal(reason: string): void;
  /** Of what the security log is about; `code` is that of a refusal, or empty. */
  countSecurityEvent(labels: { event: string; code: string }): void;
  /** Of what could not be done for a security event: `log` lost it, `score` was kept in memory, `drop` kept in none. */
  countSecurityMiss(step: 'log' | 'score' | 'drop'): void;
  /** How late the event loop was in the last tenth of a second. */
  observeLag(seconds: number): void;
  observeCost(cost: RequestCost): void;
  /** Of what a budget in Redis could not do: `take` was done in memory instead, `giveBack` not at all. */
  countBudgetMiss(step: 'take' | 'giveBack'): void;
  /** Of what feeds one environment. @param environment `undefined` where the gateway serves one alone */
  ofSupply(environment: string | undefined): SupplyMetrics;
  /** The exposition text and its content type. */
  expose(): Promise<{ contentType: string; text: string }>;
}

export interface SupplyMetrics {
  setGeneration(version: string): void;
  /** Shows, whenever the metrics are asked for, what `read` then says. */
  show(read: () => SupplyFigures): void;
  /** Of attempts to get another schema that failed, by why. */
  countTrouble(code: string): void;
  /** Of uses that no registry learns of. */
  countUsageDropped(count: number): void;
  /** Of types and fields that the policy names and the newest supergraph does not have. */
  setUnknownCoordinates(count: number): void;
}

export interface SupplyFigures {
  /** Since the supergraph in force was published, or was put in force where nobody published it. */
  readonly ageSeconds: number;
  /** Of the bundle in force. */
  readonly sequence: number | undefined;
  /** Since the source was last heard of. */
  readonly silentSeconds: number;
}

const costBuckets = [0, 10, 50, 100, 500, 1_000, 2_000, 5_000, 10_000];
const durationBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const operations = new Counter({
    name: 'minigate_operations_total',
    help: 'GraphQL requests answered, by operation and by the code of their first error.',
    labelNames: ['operation', 'code', 'environment'],
    registers,
  });
  const observeDuration = registerHistogram(registry, {
    name: 'minigate_operation_duration_seconds',
    help: 'Time from the first byte of a GraphQL request to the last of its answer.',
    labelName: 'operation',
    buckets: durationBuckets,
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
  const forgets = new Counter({
    name: 'minigate_forgets_total',
    help: 'Tries to delete what WeChat told to delete of a person: done, waiting for the next try, lost.',
    labelNames: ['outcome'],
    registers,
  });
  const shed = new Counter({
    name: 'minigate_shed_total',
    help: 'Requests refused because the process had more to do than it can, by reason.',
    labelNames: ['reason'],
    registers,
  });
  const admissionRefusals = new Counter({
    name: 'minigate_admission_refusals_total',
    help: 'Requests refused for where they come from or how often, by the list or the rate that refused them.',
    labelNames: ['reason'],
    registers,
  });
  const securityEvents = new Counter({
    name: 'minigate_security_events_total',
    help: 'What was noticed of those who ask, by event and by the code of the refusal.',
    labelNames: ['event', 'code'],
    registers,
  });
  const securityMisses = new Counter({
    name: 'minigate_security_misses_total',
    help: 'Security events that were not logged, or not scored where all gateways share it, by step.',
    labelNames: ['step'],
    registers,
  });
  const lag = new Histogram({
    name: 'minigate_event_loop_lag_seconds',
    help: 'Lag of the event loop, sampled ten times a second.',
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  });
  const costs = (name: string, help: string, buckets: readonly number[]) =>
    registerHistogram(registry, { name, help, labelName: 'result', buckets });
  const observeEstimated = costs(
    'minigate_cost_estimated',
    'Cost units of operations as estimated before they ran, by what the demand control said of them.',
    costBuckets,
  );
  const observeActual = costs(
    'minigate_cost_actual',
    'Cost units of the answers as they came, by what the demand control had said of them.',
    costBuckets,
  );
  const observeDelta = costs(
    'minigate_cost_delta',
    'Actual less estimated cost: below zero where the estimate was too high.',
    // Zero is one bound, not two.
    [
      ...costBuckets
        .slice(1)
        .map((bucket) => -bucket)
        .reverse(),
      ...costBuckets,
    ],
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
    labelNames: ['version', 'environment'],
    registers,
  });
  const unknownCoordinates = new Gauge({
    name: 'minigate_policy_unknown_coordinates',
    help: 'Types and fields that the policy names and the newest supergraph does not have.',
    labelNames: ['environment'],
    registers,
  });
  const supplyTroubles = new Counter({
    name: 'minigate_supply_troubles_total',
    help: 'Attempts to get another schema that failed, by why.',
    labelNames: ['code', 'environment'],
    registers,
  });
  const usageDropped = new Counter({
    name: 'minigate_usage_dropped_total',
    help: 'Uses of registered operations that the registry will not learn of, because too many waited.',
    labelNames: ['environment'],
    registers,
  });
  const supplies = new Map<object, () => SupplyFigures>();
  const showFigure = (name: string, help: string, figure: keyof SupplyFigures): void => {
    new Gauge({
      ...{ name, help, registers, labelNames: ['environment'] },
      collect() {
        for (const [labels, read] of supplies) {
          const value = read()[figure];
          if (value !== undefined) this.set(labels, value);
        }
      },
    });
  };
  showFigure(
    'minigate_supergraph_age_seconds',
    'Since the supergraph in force was published, or put in force where nobody published it.',
    'ageSeconds',
  );
  showFigure('minigate_bundle_sequence', 'Number of the bundle in force.', 'sequence');
  showFigure(
    'minigate_supply_silent_seconds',
    'Since it was last heard what is to be served.',
    'silentSeconds',
  );
  return {
    countOperation(labels, durationSeconds) {
      operations.inc(labels);
      observeDuration(labels.operation, durationSeconds);
    },
    countFetch: (subgraph, outcome) => fetches.inc({ subgraph, outcome }),
    countUnregistered: (labels) => unregistered.inc(labels),
    countLogin: (code) => logins.inc({ code }),
    countRefresh: (code) => refreshes.inc({ code }),
    countSession: (event) => sessions.inc({ event }),
    countForget: (outcome) => forgets.inc({ outcome }),
    countShed: (reason) => shed.inc({ reason }),
    countAdmissionRefusal: (reason) => admissionRefusals.inc({ reason }),
    countSecurityEvent: (labels) => securityEvents.inc(labels),
    countSecurityMiss: (step) => securityMisses.inc({ step }),
    observeLag: (seconds) => lag.observe(seconds),
    observeCost({ estimated, actual, result }) {
      observeEstimated(result, estimated);
      if (actual === undefined) return;
      observeActual(result, actual);
      observeDelta(result, actual - estimated);
    },
    countBudgetMiss: (step) => budgetMisses.inc({ step }),
    ofSupply(environment) {
      const labels = environment === undefined ? {} : { environment };
      let inForce: object | undefined;
      usageDropped.inc(labels, 0);
      unknownCoordinates.set(labels, 0);
      return {
        setGeneration(version) {
          if (inForce) generation.remove(inForce);
          inForce = { version, ...labels };
          generation.set(inForce, 1);
        },
        show: (read) => void supplies.set(labels, read),
        countTrouble: (code) => supplyTroubles.inc({ code, ...labels }),
        countUsageDropped: (count) => usageDropped.inc(labels, count),
        setUnknownCoordinates: (count) => unknownCoordinates.set(labels, count),
      };
    },
    expose: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}
