/**
 * The way of a request through the gateway, from its parsed body to its answer.
 *
 * Each stage refuses before the next, cheap ones first; what is refused reaches no subgraph. The sockets, sizes and
 * times before stage 5 and the bytes after stage 17 are in http/.
 */
import { HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import { checkCost } from './demand/check-cost.ts';
import { evaluatePrice } from './demand/price.ts';
import { RequestError } from './errors.ts';
import type { Generation, RunOperation } from './generation.ts';
import { parseParams } from './operation/params.ts';
import { coerceVariables } from './operation/variables.ts';
import { resolveDocument } from './persisted/resolve-document.ts';
import type { Safelist } from './persisted/safelist.ts';
import { type Principal, toCaller } from './principal.ts';
import type { RequestOutcome } from './request-context.ts';

export interface GraphQLHttpRequest {
  readonly id: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Parsed JSON. */
  readonly body: unknown;
  /** On the clock of `performance.now()`. */
  readonly deadlineMs: number;
}

export interface Gate {
  readonly safelist: Safelist;
  /** Whether unregistered documents run: in development only. */
  readonly adHoc: boolean;
  authenticate(authorization: string | undefined): Promise<Principal>;
  /** The schema in force, held until `release`. */
  acquire(): { readonly generation: Generation; release(): void };
}

/** @throws RequestError for what the stages up to the generation refuse */
export async function answerRequest(
  request: GraphQLHttpRequest,
  gate: Gate,
  outcome: RequestOutcome,
): Promise<HTTPGraphQLResponse> {
  /*  5 params     */ const params = parseParams(request.body);
  /*  6 persisted  */ const document = resolveDocument(params, gate.safelist, gate.adHoc);
  /*  7 identity   */ const principal = await gate.authenticate(single(request.headers.authorization));
  /*  9 generation */ const { generation, release } = gate.acquire();
  outcome.registered = document.registered;
  try {
    /* 10 prepare    */
    return await generation.answer(
      {
        method: 'POST',
        headers: toHeaderMap(request.headers),
        search: '',
        body: {
          query: document.body,
          ...(params.operationName && { operationName: params.operationName }),
          ...(params.variables && { variables: params.variables }),
        },
      },
      {
        principal,
        caller: toCaller(principal),
        requestId: request.id,
        idempotencyKey: single(request.headers['idempotency-key']),
        deadlineMs: request.deadlineMs,
        outcome,
      },
    );
  } finally {
    release();
  }
}

/** The stages that need the parsed and validated operation. */
export function createRunOperation(maxCost: number): RunOperation {
  return async ({ analyse, schema, authorize, engine }, valid, context) => {
    /* 11 analyse    */ const analysis = analyse(valid.document, valid.operationName);
    if (!analysis)
      throw new RequestError(
        'OPERATION_RESOLUTION_FAILURE',
        'operationName names no operation of the document.',
      );
    const { operation } = analysis;
    if (operation.operation === 'subscription' || !schema.getRootType(operation.operation))
      throw new RequestError(
        'OPERATION_RESOLUTION_FAILURE',
        `There is no ${operation.operation} that can be run here.`,
      );
    /* 12 variables  */ const variables = coerceVariables(schema, operation, valid.variables);
    /* 13 access     */
    const { document, source, documentHash } = valid;
    const asked = { document, source, documentHash, operation };
    const access = authorize(asked, analysis, variables, context.principal);
    const permitted = access instanceof Promise ? await access : access;
    if ('answer' in permitted) return permitted.answer;
    const { price } = permitted === asked ? analysis : (analyse(permitted.document, undefined) ?? analysis);
    /* 14 cost       */ checkCost(evaluatePrice(price, variables), maxCost);
    /* 15–17 plan, execute, project */
    const result = await beforeDeadline(
      engine.execute({ ...permitted, variables }, context),
      context.deadlineMs,
    );
    return permitted.complete?.(result) ?? result;
  };
}

/** @throws DEADLINE_EXCEEDED when the time is over first; what still runs is then ended by its own fetch deadlines */
async function beforeDeadline<T>(work: Promise<T>, deadlineMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    const expire = (): void => reject(new RequestError('DEADLINE_EXCEEDED', 'The request took too long.'));
    timer = setTimeout(expire, Math.max(0, deadlineMs - performance.now()));
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

function single(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined;
}

function toHeaderMap(headers: GraphQLHttpRequest['headers']): HeaderMap {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return map;
}
