/** A gateway as its own process, as an operator runs it, over a composed supergraph. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeSubgraphs } from '../../registry/compose.ts';
import { type RunningProgram, startProgram } from './run-program.ts';
import type { TestSubgraph } from './test-subgraph.ts';

export interface GatewayProcess extends RunningProgram {
  readonly url: string;
  readonly adminUrl: string;
  /** Lines of its log so far, parsed. */
  log(): Record<string, unknown>[];
}

/** In development mode, on free ports. `flags` are settings beside these. */
export async function startGatewayProcess(
  subgraphs: readonly TestSubgraph[],
  flags: readonly string[] = [],
): Promise<GatewayProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'minigate-process-'));
  const supergraph = join(folder, 'supergraph.graphql');
  const { supergraphSdl } = composeSubgraphs(
    subgraphs.map(({ name, sdl, url }) => ({ name, sdl, routingUrl: url })),
  );
  await writeFile(supergraph, supergraphSdl);
  const program = startProgram([
    'gateway/main.ts',
    ...['--dev', '--supergraph', supergraph, '--port', '0', '--admin-port', '0'],
    ...flags,
  ]);
  await program.waitFor('Minigate listens at');
  void program.ended.then(() => rm(folder, { recursive: true }));
  const [, url = '', adminUrl = ''] =
    /listens at (\S+)\/graphql, for operators at (\S+)/.exec(program.output().stderr) ?? [];
  return {
    ...program,
    url,
    adminUrl,
    log: () =>
      program
        .output()
        .stdout.split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
  };
}
