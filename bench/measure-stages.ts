/** Times each stage between a request's bytes and its execution by itself: light, registered, warm, by a user who is logged in. */
import { fileURLToPath } from 'node:url';
import { buildSchema, parse } from 'graphql';
import { createAccess } from '../gateway/access/create-access.ts';
import { loadPolicy } from '../gateway/access/load-policy.ts';
import { createBudgetStore } from '../gateway/budget-store.ts';
import { parseConfig } from '../gateway/config.ts';
import { readCostDirectives } from '../gateway/demand/cost-directives.ts';
import { evaluatePrice } from '../gateway/demand/price.ts';
import { createPricing } from '../gateway/demand/pricing.ts';
import { createDemandControl } from '../gateway/demand-control.ts';
import { createIdentity } from '../gateway/identity.ts';
import { createAnalyse } from '../gateway/operation/analyse.ts';
import { createDocumentStore } from '../gateway/operation/document-store.ts';
import { parseParams } from '../gateway/operation/params.ts';
import { coerceVariables } from '../gateway/operation/variables.ts';
import { createResolveDocument } from '../gateway/persisted/resolve-document.ts';
import { createSafelist, documentIdOf } from '../gateway/persisted/safelist.ts';
import { createPlanner } from '../gateway/planning/planner.ts';
import { scanJson } from '../gateway/scan-json.ts';
import { createLog } from '../gateway/telemetry/log.ts';
import { createMetrics } from '../gateway/telemetry/metrics.ts';
import { operations, readWorkload, supergraphFile } from './workload.ts';

export interface StageCost {
  readonly stage: string;
  /** Processor time for one request. */
  readonly microseconds: number;
}

export const rounds = 5;

export async function measureStages(repeats = 20_000): Promise<StageCost[]> {
  const stages = await createStages();
  const costs: StageCost[] = [];
  for (const [stage, run] of stages) costs.push({ stage, microseconds: await timeOf(run, repeats) });
  return costs;
}

/** Of several rounds the least counts: neighbours can only add. The first is a warm-up. */
export async function timeOf(run: () => unknown, repeats: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round <= rounds; round++) {
    const before = process.cpuUsage();
    for (let repeat = 0; repeat < repeats; repeat++) {
      const result = run();
      if (result instanceof Promise) await result;
    }
    const { user, system } = process.cpuUsage(before);
    if (round > 0) least = Math.min(least, (user + system) / repeats);
  }
  return least;
}

async function createStages(): Promise<[stage: string, run: () => unknown][]> {
  const source = operations.light;
  const supergraphSdl = readWorkload('supergraph.graphql');
  const supergraph = parse(supergraphSdl, { noLocation: true });
  // Budgets are kept, and never spent.
  const ample = { capacity: 1e15 };
  const budgets = { principal: ample, app: ample, address: ample };
  const config = parseConfig({ supergraph: supergraphFile, dev: true, budgets });
  const log = createLog('silent');
  const metrics = createMetrics();
  const planner = await createPlanner({ supergraphSdl, ...config.planner });
  const schema = buildSchema(planner.apiSchemaSdl);
  await planner.close();

  const policy = await loadPolicy({
    policy: fileURLToPath(new URL('candidates/open-policy.ts', import.meta.url)),
  });
  const safelist = createSafelist([{ id: documentIdOf(source), body: source, name: 'Light', type: 'query' }]);
  const resolveDocument = createResolveDocument({
    policyOf: () => 'enforce',
    automatic: undefined,
    onUnregistered: () => {},
  });
  const identity = await createIdentity(config, {
    ...{
      redis: undefined,
      log,
      metrics,
      now: Date.now,
      giveUpSessionKey: () => {},
      giveSigningKey: undefined,
    },
    code2session: {
      exchange: async () => ({ openid: 'o-bench', sessionKey: 'key', unionid: undefined }),
    },
    readTrustedIdentity: () => undefined,
    findPublishedBan: () => undefined,
    report: () => {},
    register: async () => ({ userId: 'u-bench', roles: [] }),
  });
  const { accessToken } = await identity.logins.login({
    ...{ id: 'bench', headers: {}, address: '203.0.113.1', scope: undefined },
    body: { appId: 'wx-bench', code: 'code' },
  });
  const inForce = { roles: policy.roles, scope: undefined, rateBuckets: undefined };
  const principal = await identity.authenticate(`Bearer ${accessToken}`, inForce);
  await identity.close();

  const { authorize } = createAccess({
    ...config.access,
    ...{ supergraph, schema, policy, dev: false, maxFiltered: 10, onUnknownCoordinates: () => {} },
  });
  const pricing = createPricing(readCostDirectives(supergraph), config.limits.defaultListSize);
  const analyse = createAnalyse(schema, pricing, config.limits);
  const budget = createBudgetStore(1, { redis: undefined, log, metrics });
  const chargeCost = createDemandControl(config, {
    ...{ roles: policy.roles, budget, report: () => {} },
  }).chargeUnder(undefined, policy.roles);
  const documents = createDocumentStore(10);
  const documentHash = documentIdOf(source).slice('sha256:'.length);
  const document = parse(source);
  documents.keep({ source, document, documentHash });
  const analysis = analyse(document, 'Light');
  if (!analysis) throw new Error('The light operation has another name.');

  const text = JSON.stringify({ documentId: documentIdOf(source) });
  const request = { method: 'POST', body: JSON.parse(text), search: {} } as const;
  const client = { name: 'bench', version: '1' };
  const params = parseParams(request, config.limits);
  const asked = { document, source, documentHash, operation: analysis.operation };
  const outcome = { client, registered: true, codes: [], faults: [] };
  const payer = { principal, client, address: '127.0.0.1', showsCost: false, outcome };
  return [
    ['1 http: the JSON looked over', () => scanJson(text, config.limits)],
    ['5 params', () => parseParams(request, config.limits)],
    ['6 persisted', () => resolveDocument(params, client, safelist)],
    ['7 identity', () => identity.authenticate(`Bearer ${accessToken}`, inForce)],
    ['10 prepare', () => documents.find(source)],
    ['11 analyse', () => analyse(document, 'Light')],
    ['12 variables', () => coerceVariables(schema, analysis.operation, {})],
    ['13 access', () => authorize(asked, analysis, {}, principal)],
    ['14 cost and budgets', () => chargeCost(evaluatePrice(analysis.price, {}), payer)],
  ];
}
