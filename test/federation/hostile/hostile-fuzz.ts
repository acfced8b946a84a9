/** Asks random operations of a gateway whose subgraphs answer nonsense, and finds the first answer that is not sound. */
import { isDeepStrictEqual } from 'node:util';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { createRandom } from '../../../bench/random.ts';
import { isErrorCode } from '../../../gateway/errors.ts';
import { composeSubgraphs } from '../../../registry/compose.ts';
import {
  type EngineName,
  type Federation,
  type FederationAnswer,
  startFederation,
} from '../../support/federation.ts';
import { startTamperingProxy, type Tamper, type TamperingProxy } from '../../support/federation-tampering.ts';
import { noFaults } from '../fuzz/faults.ts';
import { type GeneratedOperation, generateOperation } from '../fuzz/generate-operation.ts';
import { toSubgraphs } from '../fuzz/serve-world.ts';
import { misfitsOf } from './asked-shape.ts';
import { intruder, mutateAnswer } from './mutate-answer.ts';

export interface HostileReport {
  /** Answers that at least one mutated answer of a subgraph went into. */
  readonly answers: number;
  readonly withErrors: number;
  readonly problem?: HostileProblem;
}

export interface HostileProblem extends GeneratedOperation {
  readonly seed: number;
  readonly position: number;
  /** What the subgraphs answered, in the order in which they did. */
  readonly bodies: readonly string[];
  readonly reason: string;
  readonly text: string;
}

export interface HostileOptions {
  readonly engine: EngineName;
  readonly seed: number;
  /** Operations to ask. */
  readonly count: number;
}

const leak = /https?:\/\/|ECONN|at .*\.[jt]s|Did you mean|serviceName|stacktrace|\b10\.\d|127\.0/;

/** Asked between the others, of subgraphs that behave. */
const canary = '{ users { id } products { title reviews { stars } } }';

export async function fuzzHostile({ engine, seed, count }: HostileOptions): Promise<HostileReport> {
  const world = await startHostileWorld(engine);
  const report = { answers: 0, withErrors: 0 };
  try {
    const untouched = await world.federation.ask({ query: canary });
    const prototype = Object.getOwnPropertyNames(Object.prototype).join();
    for (let position = 0; position < count; position++) {
      const random = createRandom(seed * 1_000_003 + position);
      const { source, variables } = generateOperation(world.schema, random);
      const bodies: string[] = [];
      world.tamperWith((body) => {
        const mutated = random.chance(0.7) ? mutateAnswer(body, random) : body;
        bodies.push(mutated.toString());
        return mutated;
      });
      const answer = await world.federation.ask({ query: source, variables });
      world.tamperWith((body) => body);
      const isPolluted = Object.getOwnPropertyNames(Object.prototype).join() !== prototype;
      const isDisturbed =
        position % 20 === 0 && !isDeepStrictEqual(await world.federation.ask({ query: canary }), untouched);
      const reason = isPolluted
        ? 'Object.prototype has changed'
        : isDisturbed
          ? 'the next answer is wrong'
          : unsoundness(answer, source, world.schema);
      if (reason)
        return {
          ...report,
          problem: { seed, position, source, variables, bodies, reason, text: answer.text },
        };
      if (bodies.length > 0) report.answers += 1;
      if (answer.errors) report.withErrors += 1;
    }
    return report;
  } finally {
    await world.close();
  }
}

/** What is wrong with an answer, if anything. */
function unsoundness(answer: FederationAnswer, source: string, schema: GraphQLSchema): string | undefined {
  const { status, text, data, errors = [] } = answer;
  const codes = errors.map(({ extensions }) => extensions.code);
  // A refusal before any subgraph was asked says nothing about them.
  if (codes[0] === 'PLAN_TOO_EXPENSIVE') return undefined;
  if (status !== 200) return `status ${status}`;
  if (data === undefined) return 'no data';
  const unknown = codes.find((code) => !isErrorCode(code) || code === 'INTERNAL_SERVER_ERROR');
  if (unknown) return `the code ${unknown}`;
  if (errors.length > 100) return `${errors.length} errors`;
  if (leak.test(text)) return 'a leak';
  if (text.includes(intruder)) return 'an intruder';
  return misfitsOf(data, source, schema)[0];
}

interface HostileWorld {
  readonly federation: Federation;
  readonly schema: GraphQLSchema;
  /** From now on, for every subgraph. */
  tamperWith(tamper: Tamper): void;
  close(): Promise<void>;
}

async function startHostileWorld(engine: EngineName): Promise<HostileWorld> {
  const subgraphs = toSubgraphs(noFaults);
  const { apiSchemaSdl } = composeSubgraphs(
    subgraphs.map(({ name, sdl }) => ({ name, sdl, routingUrl: 'http://-' })),
  );
  const proxies: TamperingProxy[] = [];
  let current: Tamper = (body) => body;
  const federation = await startFederation(subgraphs, engine, async ({ url }) => {
    const proxy = await startTamperingProxy(url, (body) => current(body));
    proxies.push(proxy);
    return proxy.url;
  });
  return {
    federation,
    schema: buildSchema(apiSchemaSdl),
    tamperWith(tamper) {
      current = tamper;
    },
    async close() {
      await federation.close();
      await Promise.all(proxies.map((proxy) => proxy.close()));
    },
  };
}
