/**
 * The way of a request through the gateway, from its parsed body to its answer.
 *
 * Each stage refuses before the next, cheap ones first; what is refused reaches no subgraph. The sockets, sizes and
 * times before stage 5 and the bytes after stage 17 are in http/.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Shed } from './admission/shed.ts';
import type { Cancellation } from './cancellation.ts';
import { startDeadline } from './deadline.ts';
import type { ChargeCost } from './demand/charge-cost.ts';
import { evaluatePrice } from './demand/price.ts';
import { toCostHeaders } from './demand/show-cost.ts';
import { RequestError } from './errors.ts';
import type { Generation, RunOperation } from './generation.ts';
import type { GraphqlAnswer } from './graphql-answer.ts';
import { createFreshness, type Freshness } from './http/cache-control.ts';
import { checkGet, mutationByGet } from './http/check-get.ts';
import { clientHeaders } from './http/parse-client.ts';
import { parseParams } from './operation/params.ts';
import { coerceVariables } from './operation/variables.ts';
import { checkApp, type ResolveDocument } from './persisted/resolve-document.ts';
import type { RegisteredOperation } from './persisted/safelist.ts';
import { checkConfirmed, type Principal, toCaller } from './principal.ts';
import type { RequestOutcome } from './request-context.ts';
import type { JsonLimits } from './scan-json.ts';

export interface GraphQLHttpRequest {
  readonly id: string;
  /** Where it came from: that of the socket, until proxies are trusted. */
  readonly address: string;
  readonly method: 'GET' | 'POST';
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON. */
  readonly body: unknown;
  /** The parameters of its address. */
  readonly search: Readonly<Record<string, unknown>>;
  /** The session whose key signed the request; `undefined` for one that is not signed. */
  readonly signer: string | undefined;
  /** On the clock of `performance.now()`. */
  readonly deadlineMs: number;
  /** Told when the client goes away. */
  readonly cancellation: Cancellation;
}

export interface Gate {
  readonly isDev: boolean;
  readonly limits: JsonLimits;
  readonly resolveDocument: ResolveDocument;
  authenticate(authorization: string | undefined, headers?: IncomingHttpHeaders): Promise<Principal>;
  /** The schema in force, held until `release`. */
  acquire(): { readonly generation: Generation; release(): void };
}

/** @throws RequestError for what the stages up to the generation refuse */
export async function answerRequest(
  request: GraphQLHttpRequest,
  gate: Gate,
  outcome: RequestOutcome,
): Promise<GraphqlAnswer> {
  const { method, headers } = request;
  const { client } = outcome;
  /*  5 params     */ const params = parseParams(request, gate.limits);
  if (method === 'GET' && params.query) checkGet(undefined, headers, gate.isDev);
  /*  6 persisted  */ const document = gate.resolveDocument(params, client);
  const { registered } = document;
  const freshness = method === 'GET' ? createFreshness() : undefined;
  if (freshness) checkGet(registered, headers, gate.isDev);
  /*  7 identity   */ const principal = await gate.authenticate(
    single(headers.authorization),
    // What a browser may keep of a GET does not depend on its cookies.
    method === 'POST' ? headers : undefined,
  );
  checkSigner(request.signer, principal);
  checkApp(document, principal);
  /*  9 generation */ const { generation, release } = gate.acquire();
  outcome.registered = registered !== undefined;
  outcome.warned = document.warned;
  const showsCost = gate.isDev && headers['minigate-cost'] === '1';
  try {
    /* 10 prepare    */
    const answer = await generation.answer(
      {
        source: document.body,
        operationName: document.operationName || undefined,
        variables: params.variables ?? {},
      },
      {
        method,
        client,
        principal,
        address: request.address,
        showsCost,
        caller: toCaller(principal),
        requestId: request.id,
        idempotencyKey: single(headers['idempotency-key']),
        deadlineMs: request.deadlineMs,
        cancellation: request.cancellation,
        onCacheControl: freshness?.note,
        outcome,
      },
    );
    if (showsCost && outcome.cost)
      return { ...answer, headers: { ...answer.headers, ...toCostHeaders(outcome.cost) } };
    if (freshness) outcome.caching = toCaching(freshness, answer, principal, outcome, registered);
    return answer;
  } finally {
    release();
  }
}

/** A stolen token is of no use with a key of one's own. @throws SIGNATURE_INVALID */
function checkSigner(signer: string | undefined, principal: Principal): void {
  if (signer === undefined || (principal.kind === 'user' && principal.sessionId === signer)) return;
  throw new RequestError('SIGNATURE_INVALID', 'Sign by the key of the session that the access token opens.');
}

/** An answer that is not whole is kept by nobody. */
function toCaching(
  freshness: Freshness,
  { status }: GraphqlAnswer,
  principal: Principal,
  { codes }: RequestOutcome,
  registered: RegisteredOperation | undefined,
): RequestOutcome['caching'] {
  const isWhole = status === 200 && codes.length === 0;
  const isForAnyClient = registered !== undefined && registered.client === undefined;
  return {
    cacheControl: isWhole ? freshness.toCacheControl(principal, registered?.maxAgeSeconds) : 'no-store',
    vary: ['accept', 'authorization', ...(isForAnyClient ? [] : clientHeaders)],
  };
}

/** The stages that need the parsed and validated operation. */
export function createRunOperation(shed: Shed, chargeCost: ChargeCost): RunOperation {
  return async ({ analyse, schema, authorize, countCost, engine }, valid, context) => {
    /* 11 analyse    */ const analysis = analyse(valid.document, valid.operationName);
    if (!analysis)
      throw new RequestError(
        'OPERATION_RESOLUTION_FAILURE',
        'operationName names no operation of the document.',
      );
    const { operation } = analysis;
    context.outcome.operationName = operation.name?.value;
    if (operation.operation === 'subscription' || !schema.getRootType(operation.operation))
      throw new RequestError(
        'OPERATION_RESOLUTION_FAILURE',
        `There is no ${operation.operation} that can be run here.`,
      );
    if (context.method === 'GET' && operation.operation === 'mutation') throw mutationByGet();
    if (operation.operation === 'mutation') checkConfirmed(context.principal);
    /* 12 variables  */ const variables = coerceVariables(schema, operation, valid.variables);
    /* 13 access     */
    const { document, source, documentHash } = valid;
    const asked = { document, source, documentHash, operation };
    const access = authorize(asked, analysis, variables, context.principal);
    const permitted = access instanceof Promise ? await access : access;
    if ('answer' in permitted) return permitted.answer;
    const { price } =
      permitted.operation === operation ? analysis : (analyse(permitted.document, undefined) ?? analysis);
    /* 14 cost       */ const cost = evaluatePrice(price, variables);
    const charge = await chargeCost(cost, context);
    try {
      shed.takeCost(cost);
    } catch (error) {
      charge.cancel();
      throw error;
    }
    try {
      /* 15–17 plan, execute, project */
      // What a mutation has begun comes to its end, whoever goes away.
      const cancellation = operation.operation === 'query' ? context.cancellation : undefined;
      const work = engine.execute(
        { ...permitted, variables },
        cancellation ? context : { ...context, cancellation },
      );
      const result = await beforeDeadline(work, context.deadlineMs, cancellation);
      /* 18 refund     */
      const settled = charge.settle(result, () =>
        countCost(permitted.document, permitted.operation, variables, result.data),
      );
      return permitted.complete?.(settled) ?? settled;
    } finally {
      shed.returnCost(cost);
    }
  };
}

/** @throws DEADLINE_EXCEEDED when the time is over first; what still runs is then cancelled, or ended by its own deadlines */
async function beforeDeadline<T>(
  work: Promise<T>,
  deadlineMs: number,
  cancellation: Cancellation | undefined,
): Promise<T> {
  let stop = (): void => {};
  const deadline = new Promise<never>((_resolve, reject) => {
    stop = startDeadline(deadlineMs, () => {
      reject(new RequestError('DEADLINE_EXCEEDED', 'The request took too long.'));
      cancellation?.cancel();
    });
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    stop();
  }
}

function single(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined;
}
