/** `minigate dev`: a gateway over schema files that are composed anew when one changes, or over running subgraphs. */
import { spawn } from 'node:child_process';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CompositionError, composeSubgraphs, type SubgraphSchema } from './compose.ts';
import { loadSubgraphs, SupergraphConfigError } from './load-subgraphs.ts';

export interface DevOptions {
  readonly config?: string;
  readonly subgraph?: readonly string[];
  readonly port: string;
  readonly adminPort: string;
}

const lookAgainMs = 500;
const gateway = fileURLToPath(new URL('../gateway/main.ts', import.meta.url));

/** Ends when the gateway does. @throws SupergraphConfigError, CompositionError for what is wrong at the start */
export async function runDev({ config, subgraph = [], port, adminPort }: DevOptions): Promise<void> {
  if ((config === undefined) === (subgraph.length === 0))
    throw new SupergraphConfigError('Give either --config with schema files, or --subgraph name=URL.');
  const ports = ['--port', port, '--admin-port', adminPort];
  if (config === undefined) {
    await runGateway([...subgraph.flatMap((one) => ['--subgraph', one]), ...ports]);
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'minigate-dev-'));
  const file = join(folder, 'supergraph.graphql');
  const stopping = new AbortController();
  try {
    const subgraphs = await loadSubgraphs(config);
    await composeInto(file, subgraphs);
    const following = followFiles(file, config, subgraphs, stopping.signal);
    await runGateway(['--supergraph', file, ...ports]);
    stopping.abort();
    await following;
  } finally {
    stopping.abort();
    await rm(folder, { recursive: true, force: true });
  }
}

/** What is wrong is told once; the gateway serves on what was composed last. */
async function followFiles(
  file: string,
  config: string,
  first: readonly SubgraphSchema[],
  signal: AbortSignal,
): Promise<void> {
  let seen = JSON.stringify(first);
  let told = '';
  while (!signal.aborted) {
    await delay(lookAgainMs, undefined, { signal }).catch(() => {});
    try {
      const subgraphs = await loadSubgraphs(config);
      const found = JSON.stringify(subgraphs);
      if (found === seen) continue;
      seen = found;
      await composeInto(file, subgraphs);
      process.stderr.write('Composed anew.\n');
      told = '';
    } catch (error) {
      if (!(error instanceof CompositionError || error instanceof SupergraphConfigError)) throw error;
      if (error.message !== told) process.stderr.write(`${error.message}\n`);
      told = error.message;
    }
  }
}

async function composeInto(file: string, subgraphs: readonly SubgraphSchema[]): Promise<void> {
  const { supergraphSdl } = composeSubgraphs(subgraphs);
  await writeFile(`${file}.new`, supergraphSdl);
  await rename(`${file}.new`, file);
}

function runGateway(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [gateway, ...args, '--dev'], { stdio: 'inherit' });
  // Ctrl+C reaches both; the gateway ends in good order, and this after it.
  const wait = (): void => {};
  process.on('SIGINT', wait);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      process.exitCode = code ? 2 : 0;
      resolve();
    });
  });
}
