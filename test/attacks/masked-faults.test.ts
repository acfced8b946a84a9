/** Faults inside the gateway whose text holds what nobody outside may read. */
import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { createShed } from '../../gateway/admission/shed.ts';
import { createGeneration } from '../../gateway/generation.ts';
import { createGenerations } from '../../gateway/generations.ts';
import { registerGraphqlRoute } from '../../gateway/http/graphql-route.ts';
import { createHttpServer } from '../../gateway/http/server.ts';
import { createReadDocuments } from '../../gateway/operation/read-documents.ts';
import { createQuickPace } from '../../gateway/pace.ts';
import { createParseSchema } from '../../gateway/parse-schema.ts';
import { createSafelist } from '../../gateway/persisted/safelist.ts';
import { createRunOperation } from '../../gateway/pipeline.ts';
import { toPreparedOperations } from '../../gateway/prepared-operations.ts';
import { guest } from '../../gateway/principal.ts';
import { createPublishedBans } from '../../gateway/published-bans.ts';
import { createLog } from '../../gateway/telemetry/log.ts';
import { createMetrics } from '../../gateway/telemetry/metrics.ts';
import { composeSubgraphs } from '../../registry/compose.ts';
import { createAttack } from '../support/attack.ts';
import { type AttackWorld, appId, type Send } from '../support/attack-world.ts';

/** Breaks after so many looks at it. */
const clock = { looksLeft: Number.POSITIVE_INFINITY };
const confidential = 'clock service at postgres://gateway:hunter2@10.0.0.5/clock is down';
const attack = createAttack({
  dev: true,
  now: () => {
    clock.looksLeft -= 1;
    if (clock.looksLeft < 0) throw new Error(confidential);
    return Date.now();
  },
});

const post = (query: string): Send => ({ body: { query } });

/** The text is in the log, under the id that the client was given, and nowhere else. */
function expectMasked(
  { status, headers, text }: Awaited<ReturnType<AttackWorld['ask']>>,
  world: AttackWorld,
): void {
  clock.looksLeft = Number.POSITIVE_INFINITY;
  expect(status).toBe(500);
  expect(text).not.toMatch(/hunter2|clock/);
  const lines = world.gateway.log().filter(({ level }) => level === 'error');
  expect(lines.at(-1)).toMatchObject({ requestId: headers['x-request-id'], err: { message: confidential } });
}

attack('L-05', 'a fault in the middle of a login is told by an id alone', {
  send: () => {
    clock.looksLeft = 0;
    return { path: '/auth/wechat/login', body: { appId, code: 'simulator:super' } };
  },
  expect: { status: 500, code: 'INTERNAL_SERVER_ERROR', fetches: 1 },
  also: expectMasked,
});

attack('L-05', 'a fault on the way to an operation is told by an id alone', {
  as: 'user',
  send: () => {
    clock.looksLeft = 0; // none to check the token by
    return post('{ me { name } }');
  },
  expect: { status: 500, code: 'INTERNAL_SERVER_ERROR', fetches: 0 },
  also: expectMasked,
});

test('L-05 a fault of the engine is told by an id alone', async () => {
  const shed = createShed({
    maxInFlight: 10,
    maxCostInFlight: 1_000,
    maxLagMs: 1_000,
    onRefuse: () => {},
    now: Date.now,
  });
  const generation = await createGeneration({
    supergraphSdl: composeSubgraphs([
      { name: 'a', routingUrl: 'http://a', sdl: 'type Query { hello: String }' },
    ]).supergraphSdl,
    access: {
      policy: { rules: undefined, roles: {}, permissions: {}, policies: {} },
      ...{ denied: 'refuse', ruleTimeoutMs: 50, introspection: 'off', dev: false },
      onUnknownCoordinates: () => {},
    },
    createEngine: async () => ({
      apiSchema: buildSchema('type Query { hello: String }'),
      execute: () => Promise.reject(new Error(confidential)),
      prepare: async () => {},
      close: async () => {},
    }),
    ...{ parseSchema: createParseSchema(), pace: createQuickPace() },
    ...{ readDocuments: createReadDocuments(), prepared: toPreparedOperations(undefined, 10) },
    runOperation: createRunOperation(shed, async () => ({ settle: (result) => result, cancel: () => {} })),
    limits: {
      maxDepth: 10,
      maxAliases: 10,
      maxDirectives: 10,
      maxSelections: 100,
      maxRootFields: 10,
      maxRootAliases: 10,
      maxMutations: 10,
      maxTokens: 100,
      maxDocumentBytes: 1_000,
      maxNesting: 10,
      maxRepeats: 10,
      maxDocuments: 10,
      maxCost: 1_000,
    },
    safelist: () => createSafelist([]),
    ...{ rateBuckets: undefined, scope: undefined },
    bans: createPublishedBans([], Date.now),
    onMisfit: () => {},
    defaultListSize: 10,
  });
  const lines: string[] = [];
  const log = createLog('error', { write: (line) => lines.push(line) });
  const limits = { maxBodyBytes: 1_000, maxVariableKeys: 10, maxVariableDepth: 10, maxVariableItems: 10 };
  const app = createHttpServer({
    limits,
    connections: {
      maxOpen: 10,
      headersTimeoutMs: 1_000,
      receiveTimeoutMs: 1_000,
      idleTimeoutMs: 1_000,
      maxRequests: 10,
    },
    corsOrigins: [],
    toClientAddress: (peer) => peer,
    checkAddress: () => {},
    chooseEnvironment: () => ({
      ...{ scope: undefined, usage: undefined },
      generations: createGenerations(generation, async () => generation),
    }),
    shed,
    log,
  });
  registerGraphqlRoute(app, {
    path: '/graphql',
    gate: {
      isDev: true,
      limits,
      resolveDocument: ({ query = '', operationName }) => ({ body: query, operationName }),
      recognise: async () => ({ principal: guest, confirmed: Promise.resolve(guest) }),
      chargeRate: async () => {},
    },
    requestTimeoutMs: 1_000,
    log,
    metrics: createMetrics(),
  });

  const requestIds: unknown[] = [];
  // The first time the document is new, the second time it is known.
  for (const _ of [1, 2]) {
    const answer = await app.inject({ method: 'POST', url: '/graphql', payload: { query: '{ hello }' } });
    expect({ status: answer.statusCode, body: answer.json() }).toEqual({
      status: 500,
      body: {
        errors: [
          {
            message: 'Internal error.',
            extensions: { code: 'INTERNAL_SERVER_ERROR', userMessage: '服务繁忙，请稍后再试' },
          },
        ],
      },
    });
    requestIds.push(answer.headers['x-request-id']);
  }
  await app.close();
  await generation.close();

  expect(lines.map((line) => JSON.parse(line))).toEqual(
    requestIds.map((requestId) =>
      expect.objectContaining({ requestId, err: expect.objectContaining({ message: confidential }) }),
    ),
  );
});
