/** The harness of attack and fault cases: a case is data, and everything that must always hold is asserted for each. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type Answer,
  type Asker,
  type AttackWorld,
  type AttackWorldOptions,
  type Send,
  startAttackWorld,
} from './attack-world.ts';
import { watchEventLoop } from './event-loop-hold.ts';
import type { Misbehaviour } from './test-subgraph.ts';

export interface AttackCase {
  /** Who attacks; default a guest. */
  readonly as?: Asker;
  /** Sent before the attack, one after the other, by the same person; their answers are not judged. */
  readonly first?: readonly Send[];
  /** Subgraphs that misbehave while the attack runs, by name. */
  readonly subgraphs?: Readonly<Record<string, Misbehaviour>>;
  /** A function, where it takes something of the world that is known only once it stands. */
  readonly send: Send | ((world: AttackWorld) => Send | Promise<Send>);
  readonly expect: {
    /** One of several, where the case leaves it open. */
    readonly status: number | readonly number[];
    /** Of the first error; `undefined` when there is none. */
    readonly code?: string | readonly string[];
    /** Requests that reached any subgraph. */
    readonly fetches: number;
    /** The whole `data`, where it matters. */
    readonly data?: unknown;
  };
  /** What more must hold. */
  readonly also?: (answer: Answer, world: AttackWorld) => void | Promise<void>;
  /** The longest that the event loop may be held. Default 50. */
  readonly maxHoldMs?: number;
}

export type Attack = (id: string, title: string, attack: AttackCase) => void;

/** What an answer must never show: addresses, stack traces, suggestions, the names of what we are built on. */
const leak =
  /https?:\/\/|ECONN|\bat .*\.[jt]s|node_modules|Did you mean|serviceName|stacktrace|Apollo|Fastify|FST_|\b10\.\d|127\.0/;

const maxErrors = 100;

/** A hold that the attack itself causes shows in every one; that of a busy machine does not. */
const attempts = 8;

const unlimited = { capacity: 0 };
/** An attack that is tried again is the attack, not the many. */
const budgets = { address: unlimited, app: unlimited };

/** Starts the world of a file's tests and gives the verb that defines them. */
export function createAttack(options: AttackWorldOptions): Attack {
  let world: AttackWorld;

  beforeAll(async () => {
    world = await startAttackWorld({ ...options, config: { budgets, ...options.config } });
    await warmUp(world);
  });

  afterAll(async () => {
    await world?.close();
  });

  return (id, title, { as, first = [], subgraphs = {}, send, expect: expected, also, maxHoldMs = 50 }) => {
    const carryOut = async (): Promise<number> => {
      const attack = typeof send === 'function' ? await send(world) : send;
      for (const request of first) await world.ask(request, as);
      const fetchesBefore = world.fetches();
      const logBefore = world.gateway.log().length;

      const { answer, holdMs } = await whileMisbehaving(world, subgraphs, async () => {
        const eventLoop = watchEventLoop();
        const given = await world.ask(attack, as);
        return { answer: given, holdMs: eventLoop.stop() };
      });

      const { status, code, data = answer.json?.data, fetches } = expected;
      expect({
        status: answer.status,
        code: answer.json?.errors?.[0]?.extensions?.code,
        fetches: world.fetches() - fetchesBefore,
        data: answer.json?.data,
      }).toEqual({ status: oneOf(status), code: oneOf(code), fetches, data });
      expectCleanAnswer(answer);
      expect(leaked(answer.text, world)).toEqual([]);
      await also?.(answer, world);
      expect((await world.askCanary()).json).toEqual({ data: { docs: [{ id: 'd1' }] } });
      expect(leaked(JSON.stringify(world.gateway.log().slice(logBefore)), world)).toEqual([]);
      return holdMs;
    };
    test(`${id} ${title}`, async () => {
      const holds: number[] = [];
      do holds.push(await carryOut());
      while (Math.min(...holds) >= maxHoldMs && holds.length < attempts);
      expect(Math.min(...holds)).toBeLessThan(maxHoldMs);
    });
  };
}

async function whileMisbehaving<T>(
  world: AttackWorld,
  subgraphs: Readonly<Record<string, Misbehaviour>>,
  work: () => Promise<T>,
): Promise<T> {
  const names = Object.keys(subgraphs);
  for (const name of names) world.subgraph(name).misbehave(subgraphs[name]);
  try {
    return await work();
  } finally {
    for (const name of names) world.subgraph(name).misbehave(undefined);
  }
}

function oneOf<T>(allowed: T | readonly T[]): unknown {
  return Array.isArray(allowed) ? expect.toBeOneOf([...allowed]) : allowed;
}

/** Every answer with a body is JSON that nobody stores or takes for something else, and a refusal has one shape. */
function expectCleanAnswer({ text, headers, json }: Answer): void {
  if (text === '') return;
  expect(text).not.toMatch(leak);
  expect(headers).toMatchObject({
    'content-type': expect.stringMatching(/^application\/(graphql-response\+)?json; charset=utf-8$/),
    'x-content-type-options': 'nosniff',
    'cache-control': expect.stringContaining('no-store'),
  });
  const errors = json?.errors ?? [];
  expect(errors.length).toBeLessThanOrEqual(maxErrors);
  for (const { message, extensions } of errors) {
    expect(message.length).toBeLessThanOrEqual(1_000);
    const { outcome: _, ...always } = extensions ?? {};
    expect(Object.keys(always).sort()).toEqual(['code', 'userMessage']);
  }
}

/** Tokens may be in no answer but that of the login, which is not an attack. */
function leaked(text: string, world: AttackWorld): string[] {
  const secrets = [...world.secrets(), world.token('user'), world.token('admin')];
  return secrets.filter((secret) => secret.length > 0 && text.includes(secret));
}

/** One request of each kind, so that no case pays for what is compiled and loaded once. */
async function warmUp(world: AttackWorld): Promise<void> {
  const bodies = [
    { query: '{docs{id}}' },
    { query: '{user(id:"1"){id orders{id}}}' },
    { query: 'mutation($name:String!){login(name:$name)}', variables: { name: 'a' } },
    { query: '{me{name orders{user{name}}}}' },
    { query: '{docs{' },
    { query: '{nothing}' },
    { query: '{users(first:1000000){id}}' },
    { query: '{admin{id}}' },
    { query: 'query($n:Int!){users(first:$n){id}}', variables: { n: 'x' } },
    [],
  ];
  for (let round = 0; round < 3; round += 1) {
    for (const body of bodies) await world.ask({ body }, 'user');
  }
  await world.ask({ raw: 'nonsense\r\n\r\n' });
  await world.askCanary();
}
