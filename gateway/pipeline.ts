/**
 * The way of a request through the gateway, from its parsed body to its answer.
 *
 * Each stage refuses before the next, cheap ones first; what is refused reaches no subgraph. The sockets, sizes and
 * times before stage 5 and the bytes after stage 17 are in http/.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Shed } from './admission/shed.ts';
import type { CheckedSignature } from './admission/signature.ts';
import type { RequestToSign } from './admission/signature-base.ts';
import type { CheckUserSignature } from './admission/user-signature.ts';
import { admit, confirmAdmission, type MustSign, onceAdmitted } from './admit.ts';
import type { Cancellation } from './cancellation.ts';
import { environmentHeader } from './choose-environment.ts';
import { startDeadline } from './deadline.ts';
import type { ChargeCost } from './demand/charge-cost.ts';
import { evaluatePrice } from './demand/price.ts';
import type { Rates } from './demand/rates.ts';
import { toCostHeaders } from './demand/show-cost.ts';
import type { RequestEnvironment } from './environments.ts';
import { RequestError } from './errors.ts';
import type { Generation, RunOperation } from './generation.ts';
import type { GraphqlAnswer } from './graphql-answer.ts';
import { createFreshness, type Freshness } from './http/cache-control.ts';
import { checkGet, mutationByGet } from './http/check-get.ts';
import { clientHeaders } from './http/parse-client.ts';
import type { Scope } from './identity/account.ts';
import type { Recognise } from './identity/authenticate.ts';
import type { OperationAnalysis } from './operation/analyse.ts';
import { parseParams, type RequestParams } from './operation/params.ts';
import { coerceVariables } from './operation/variables.ts';
import type { ResolveDocument } from './persisted/resolve-document.ts';
import type { RegisteredOperation } from './persisted/safelist.ts';
import { checkConfirmed, type Principal, toCaller } from './principal.ts';
import type { RequestOutcome } from './request-context.ts';
import type { JsonLimits } from './scan-json.ts';
import { unlessInterrupted } from './unless-interrupted.ts';

export interface GraphQLHttpRequest {
  readonly id: string;
  /** Of the client, also behind proxies of ours; in its one form. */
  readonly address: string;
  readonly method: 'GET' | 'POST';
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON. */
  readonly body: unknown;
  /** The parameters of its address. */
  readonly search: Readonly<Record<string, unknown>>;
  /** `undefined` for one that is not signed. */
  readonly signature: CheckedSignature | undefined;
  /** As it was sent, where a mutation of it may have to be signed by WeChat's key of the phone. */
  readonly sent: RequestToSign | undefined;
  /** On the clock of `performance.now()`. */
  readonly deadlineMs: number;
  /** Told when the client goes away. */
  readonly cancellation: Cancellation;
  /** Which it is for. */
  readonly environment: RequestEnvironment;
  /** Answers DEADLINE_EXCEEDED now, whatever the stages do. */
  end(): void;
}

export interface Gate {
  readonly isDev: boolean;
  readonly limits: JsonLimits;
  readonly resolveDocument: ResolveDocument;
  readonly recognise: Recognise;
  readonly chargeRate: Rates['charge'];
  readonly mustSign?: MustSign | undefined;
}

/** @throws RequestError for what the stages up to the generation refuse */
export async function answerRequest(
  request: GraphQLHttpRequest,
  gate: Gate,
  outcome: RequestOutcome,
): Promise<GraphqlAnswer> {
  /*  5 params     */ const params = parseParams(request, gate.limits);
  if (request.method === 'GET' && params.query) checkGet(undefined, request.headers, gate.isDev);
  // Before stage 6, because what is registered is swapped together with the schema.
  /*  9 generation */ const { generation, release } = request.environment.generations.acquire(request.end);
  try {
    return await answerBy(generation, params, request, gate, outcome);
  } finally {
    release();
  }
}

async function answerBy(
  generation: Generation,
  params: RequestParams,
  request: GraphQLHttpRequest,
  gate: Gate,
  outcome: RequestOutcome,
): Promise<GraphqlAnswer> {
  const { method, headers } = request;
  const { client } = outcome;
  /*  6 persisted  */ const document = gate.resolveDocument(params, client, generation.safelist());
  const { registered } = document;
  const freshness = method === 'GET' ? createFreshness() : undefined;
  if (freshness) checkGet(registered, headers, gate.isDev);
  /*  7 identity   */ const { principal, confirmed } = await gate.recognise(
    single(headers.authorization),
    // What a browser may keep of a GET does not depend on its cookies.
    method === 'POST' ? headers : undefined,
    generation,
  );
  /*  8 budget     */ const paid = gate.chargeRate(
    { principal, client, address: request.address },
    registered,
    generation.rateBuckets,
  );
  outcome.isCharged = true;
  const admission = admit(request.signature, confirmed, paid, document, gate.mustSign);
  outcome.registered = registered !== undefined;
  if (registered) outcome.documentId = registered.id;
  outcome.warned = document.warned;
  const showsCost = gate.isDev && headers['minigate-cost'] === '1';
  let fetches = 0;
  const operation = {
    source: document.body,
    operationName: document.operationName || undefined,
    variables: params.variables ?? {},
  };
  const answerAs = (asker: Principal): Promise<GraphqlAnswer> =>
    generation.answer(operation, {
      ...{ method, client, principal: asker, caller: toCaller(asker), admission },
      ...{ address: request.address, sent: request.sent, showsCost, requestId: request.id },
      idempotencyKey: single(headers['idempotency-key']),
      deadlineMs: request.deadlineMs,
      cancellation: request.cancellation,
      onCacheControl: freshness?.note,
      onFetch: () => {
        fetches += 1;
      },
      outcome,
    });
  /* 10 prepare    */ const begun = await answerAs(principal);
  const admitted = await admission;
  const answer = admitted === principal ? begun : await answerAs(renew(outcome, admitted));
  if (showsCost && outcome.cost)
    return { ...answer, headers: { ...answer.headers, ...toCostHeaders(outcome.cost, fetches) } };
  if (freshness)
    outcome.caching = toCaching(freshness, answer, admitted, outcome, registered, generation.scope);
  return answer;
}

/** What was begun for who somebody was before is forgotten. */
function renew(outcome: RequestOutcome, principal: Principal): Principal {
  outcome.codes = [];
  outcome.faults = [];
  return principal;
}

/** An answer that is not whole is kept by nobody. */
function toCaching(
  freshness: Freshness,
  { status }: GraphqlAnswer,
  principal: Principal,
  { codes }: RequestOutcome,
  registered: RegisteredOperation | undefined,
  scope: Scope,
): RequestOutcome['caching'] {
  const isWhole = status === 200 && codes.length === 0;
  const isForAnyClient = registered !== undefined && registered.client === undefined;
  return {
    cacheControl: isWhole ? freshness.toCacheControl(principal, registered?.maxAgeSeconds) : 'no-store',
    vary: [
      ...['accept', 'authorization', ...(isForAnyClient ? [] : clientHeaders)],
      ...(scope === undefined ? [] : [environmentHeader]),
    ],
  };
}

/** The stages that need the parsed and validated operation. */
export function createRunOperation(
  shed: Shed,
  chargeCost: ChargeCost,
  checkUserSignature?: CheckUserSignature,
): RunOperation {
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
    if (checkUserSignature && operation.operation === 'mutation') {
      // WeChat may have to be asked for the key.
      await confirmAdmission(context);
      await checkUserSignature({
        fields: rootFields(analysis, schema.getMutationType()?.name),
        principal: context.principal,
        request: context.sent,
      });
    }
    const { price } =
      permitted.operation === operation ? analysis : (analyse(permitted.document, undefined) ?? analysis);
    /* 14 cost       */ const cost = evaluatePrice(price, variables);
    const charge = await onceAdmitted(chargeCost(cost, context), context);
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

function rootFields({ fields }: OperationAnalysis, rootType = ''): string[] {
  return fields.flatMap(({ typeNames, field }) => (typeNames.includes(rootType) ? [field.name] : []));
}

/** @throws DEADLINE_EXCEEDED when the time is over first; what still runs is then cancelled, or ended by its own deadlines */
function beforeDeadline<T>(
  work: Promise<T>,
  deadlineMs: number,
  cancellation: Cancellation | undefined,
): Promise<T> {
  return unlessInterrupted(work, (interrupt) =>
    startDeadline(deadlineMs, () => {
      interrupt(new RequestError('DEADLINE_EXCEEDED', 'The request took too long.'));
      cancellation?.cancel();
    }),
  );
}

function single(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined;
}
