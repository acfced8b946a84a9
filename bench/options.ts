/** What can be asked of `npm run bench`. */
import { parseArgs } from 'node:util';
import { type OperationName, operationNames } from './workload.ts';

/** What a run is about. */
export type Measured = 'load' | 'memory' | 'swap' | 'publish' | 'large' | 'fragment-bomb';

export interface Options {
  readonly help: boolean;
  readonly json: boolean;
  readonly measured: Measured;
  readonly quick: boolean;
  /** Names of candidates; all when not given. */
  readonly only: readonly string[] | undefined;
  readonly operations: readonly OperationName[];
  readonly rounds: number;
}

export const usage = `Usage: npm run bench -- [options]

  --only <names>       Candidates to measure, with commas between them. Default: all.
  --operation <names>  Of ${operationNames.join(', ')}. Default: all.
  --rounds <number>    Measures everything so many times and keeps the least CPU time of each. Default: 1.
  --quick              Shorter: a first look, not a figure to publish.
  --memory             Instead: memory over 500,000 mixed requests, and under hostile answers. Default: --only minigate.
  --swap               Instead: 1,000 swaps of a supergraph of 300 types, under load.
  --publish            Instead: 1,000 publishes and rollbacks by a registry, under load.
  --large              Instead: checks of 50 subgraphs with 2,000 types and 2,000 registered operations.
  --fragment-bomb      Instead: other requests while the planner is given what it cannot plan.
  --json               The same as JSON.

HIVE_GATEWAY_BIN=<path of the hive-gateway program> measures Hive Gateway too.
REDIS_URL=<address> measures the checks of a request in Redis too.
`;

/** @throws TypeError for an option that is none, RangeError for a value that is none */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      memory: { type: 'boolean', default: false },
      swap: { type: 'boolean', default: false },
      publish: { type: 'boolean', default: false },
      large: { type: 'boolean', default: false },
      'fragment-bomb': { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      operation: { type: 'string' },
      rounds: { type: 'string', default: '1' },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new RangeError('--rounds takes a whole number from 1.');
  return {
    help: values.help,
    json: values.json,
    measured:
      (['memory', 'swap', 'publish', 'large', 'fragment-bomb'] as const).find((name) => values[name]) ??
      'load',
    quick: values.quick,
    only: values.only?.split(','),
    operations: values.operation?.split(',').map(parseOperation) ?? operationNames,
    rounds,
  };
}

function parseOperation(name: string): OperationName {
  const known = operationNames.find((operation) => operation === name);
  if (!known) throw new RangeError(`--operation knows ${operationNames.join(', ')}, not ${name}.`);
  return known;
}
