/** The programs that can be measured, and how each is started and asked. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { documentIdOf } from '../../gateway/persisted/safelist.ts';
import { operations } from '../workload.ts';

export interface Candidate {
  readonly name: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Program and arguments; it serves `/graphql` on 127.0.0.1 until SIGTERM. */
  command(supergraph: string, port: number): readonly string[];
  /** The HTTP body that asks for an operation. */
  toBody(query: string, variables?: Readonly<Record<string, unknown>>): string;
}

const adHocBody: Candidate['toBody'] = (query, variables) => JSON.stringify({ query, variables });

const unchangedApollo: Candidate = {
  name: 'unchanged-apollo',
  env: { APOLLO_TELEMETRY_DISABLED: '1' },
  command: (supergraph, port) => [
    ...node('./unchanged-apollo.ts'),
    '--supergraph',
    supergraph,
    '--port',
    `${port}`,
  ],
  toBody: adHocBody,
};

const handWritten: Candidate = {
  name: 'hand-written',
  command: (_supergraph, port) => [...node('./hand-written.ts'), '--port', `${port}`],
  toBody: adHocBody,
};

/** A Redis named for what is measured of admission is not the one that the gateway under load uses. */
const withoutRedis = { REDIS_URL: '' };

export const minigate: Candidate = {
  name: 'minigate',
  env: withoutRedis,
  command: (supergraph, port) => [...minigateCommand(supergraph, port), '--dev'],
  toBody: adHocBody,
};

/** Plans whatever it is asked for. */
export const unlimitedMinigate: Candidate = {
  ...minigate,
  name: 'minigate without limit on selections',
  command: (supergraph, port) => [
    ...minigate.command(supergraph, port),
    '--limits-max-selections',
    '1000000000',
  ],
};

/** As in production: closed but for the operations of a manifest, with access rules. */
function createRegisteredMinigate(manifestFile: string): Candidate {
  const policy = fileURLToPath(new URL('open-policy.ts', import.meta.url));
  return {
    name: 'minigate-registered',
    env: withoutRedis,
    command: (supergraph, port) => [
      ...minigateCommand(supergraph, port),
      '--policy',
      policy,
      '--manifests',
      manifestFile,
    ],
    toBody: (query, variables) => JSON.stringify({ documentId: documentIdOf(query), variables }),
  };
}

function createHiveGateway(program: string): Candidate {
  return {
    name: 'hive-gateway',
    command: (supergraph, port) => [
      program,
      'supergraph',
      supergraph,
      '--host',
      '127.0.0.1',
      '--port',
      `${port}`,
    ],
    toBody: adHocBody,
  };
}

/**
 * @param folder for files that candidates need
 * @param hiveGateway path of the `hive-gateway` program, where it is installed
 */
export function createCandidates(folder: string, hiveGateway: string | undefined): Candidate[] {
  const manifestFile = join(folder, 'manifest.json');
  writeFileSync(manifestFile, JSON.stringify(toManifest()));
  return [
    unchangedApollo,
    handWritten,
    minigate,
    createRegisteredMinigate(manifestFile),
    ...(hiveGateway ? [createHiveGateway(hiveGateway)] : []),
  ];
}

function minigateCommand(supergraph: string, port: number): string[] {
  const settings = {
    supergraph,
    port,
    'admin-port': 0,
    'log-level': 'silent',
    // Without sizes on its lists, heavy is priced at far more than it costs.
    'limits-max-cost': 1_000_000,
    // One guest at one address asks for everything: budgets are kept, and never spent.
    'budgets-address-capacity': 1e15,
    'budgets-app-capacity': 1e15,
    // And more often than anyone may.
    'rates-flood-requests': 0,
    'rates-address-requests': 1e15,
    'rates-app-requests': 1e15,
    // Fifty connections that never rest are an overload; here it is measured, not refused.
    'overload-max-cost-in-flight': 1e15,
    'overload-max-lag-ms': 60_000,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, `${value}`]);
  return [...node('../../gateway/main.ts'), ...flags];
}

function node(script: string): string[] {
  return [process.execPath, fileURLToPath(new URL(script, import.meta.url))];
}

function toManifest(): object {
  return {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: Object.values(operations).map((body) => ({
      id: documentIdOf(body),
      body,
      name: /query (\w+)/.exec(body)?.[1],
      type: 'query',
    })),
  };
}
