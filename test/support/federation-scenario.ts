/** What a federation scenario is: a few small subgraphs, and what a client is answered through the gateway. */
import type { FederationSubgraph } from './federation.ts';

export interface Scenario {
  readonly subgraphs: readonly FederationSubgraph[];
  /** `refused` where Apollo's engine does not load the supergraph; the scenario then runs on ours alone. */
  readonly apollo?: 'refused';
  /** By title: the fact that each case states. */
  readonly cases: Readonly<Record<string, ScenarioCase>>;
}

export interface ScenarioCase {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly expected: ScenarioAnswer;
  /** Requests that the gateway sends to subgraphs; Apollo's engine may send more. */
  readonly fetches?: number;
  /** `wrong` where Apollo's engine is known to answer something else; the case then runs on ours alone. */
  readonly apollo?: 'wrong';
  /** `wrong` where the planner's plan is at fault and no engine over it can answer rightly; held against both. */
  readonly planner?: 'wrong';
}

export interface ScenarioAnswer {
  /** Of the HTTP answer. Default 200. */
  readonly status?: number;
  /** With its keys in the order of the answer; absent when the operation is refused. */
  readonly data?: unknown;
  /** In any order. */
  readonly errors?: readonly { readonly code: string; readonly path?: readonly (string | number)[] }[];
}

const directives = [
  '@authenticated',
  '@composeDirective',
  '@context',
  '@extends',
  '@external',
  '@fromContext',
  '@inaccessible',
  '@interfaceObject',
  '@key',
  '@override',
  '@provides',
  '@requires',
  '@shareable',
  '@tag',
];

/** The SDL of a subgraph of federation 2, which may use any directive of it. */
export function federation2(sdl: string): string {
  const imports = [...directives, 'FieldSet'].map((name) => JSON.stringify(name)).join(', ');
  return `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${imports}])\n${sdl}`;
}

/** Resolves references by one key field: `{ __typename: 'User', id: '1' }` to the item whose `id` is `1`. */
export function byKey<Item extends object>(items: readonly Item[], key: keyof Item & string) {
  return (reference: Partial<Item>): Item | undefined => items.find((item) => item[key] === reference[key]);
}
