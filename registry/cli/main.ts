/** The command line `minigate`: what a team runs to check and compose subgraphs. Exit 0 ok, 1 check failed, 2 usage. */
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { Command, CommanderError } from 'commander';
import { CompositionError, composeSubgraphs } from '../compose.ts';
import { loadSubgraphs, SupergraphConfigError } from '../load-subgraphs.ts';
import { printFailure, printSuccess } from './output.ts';

interface ComposeOptions {
  readonly config: string;
  readonly output?: string;
  readonly apiSchema?: string;
  readonly json?: boolean;
}

async function compose(options: ComposeOptions): Promise<void> {
  const subgraphs = await loadSubgraphs(options.config);
  const { supergraphSdl, apiSchemaSdl } = composeSubgraphs(subgraphs);
  if (options.output) await write(options.output, supergraphSdl);
  if (options.apiSchema) await write(options.apiSchema, `${apiSchemaSdl}\n`);

  const names = subgraphs.map(({ name }) => name);
  if (options.json)
    printSuccess({ subgraphs: names, ...(options.output ? { output: options.output } : { supergraphSdl }) });
  else if (options.output) process.stderr.write(`Composed ${names.join(', ')} → ${options.output}\n`);
  else process.stdout.write(`${supergraphSdl}\n`);
}

class OutputError extends Error {
  override readonly name = 'OutputError';
}

async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (cause) {
    throw new OutputError(`${path} cannot be written: ${(cause as Error).message}`, { cause });
  }
}

/** The gateway is no part of this package: the `access` script of the package.json here says where its own program is. */
async function runAccess(command: string, args: readonly string[]): Promise<void> {
  const manifest: unknown = JSON.parse(await readFile('package.json', 'utf8').catch(() => '{}'));
  const { scripts } = manifest as { scripts?: Record<string, string> };
  if (!scripts?.access)
    throw new SupergraphConfigError(
      'Access is explained by the gateway. Run this in its folder, or give the package.json here a script `access`.',
    );
  const { status } = spawnSync('npm', ['run', '--silent', 'access', '--', command, ...args], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 2;
}

const program = new Command('minigate')
  .description('Check and compose the subgraphs of a Minigate supergraph.')
  .showHelpAfterError()
  .exitOverride();

program
  .command('supergraph')
  .description('work on the whole graph')
  .command('compose')
  .description('check that local subgraph schemas fit together, and write the supergraph')
  .requiredOption('--config <file>', 'the supergraph.yaml that lists the subgraphs')
  .option('--output <file>', 'where to write the supergraph; default: standard output')
  .option('--api-schema <file>', 'also write the schema that clients see')
  .option('--json', 'print one JSON object instead of text')
  .addHelpText(
    'after',
    '\nExample:\n  minigate supergraph compose --config supergraph.yaml --output supergraph.graphql',
  )
  .action(compose);

program
  .command('access')
  .description('who may ask what')
  .command('explain')
  .description('say which rule decides each field of an operation; needs the gateway here')
  .argument('[arguments...]', 'as `minigate access explain --help` lists them')
  .helpOption(false)
  .allowUnknownOption()
  .action((args: string[]) => runAccess('explain', args));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = toExitCode(error, process.argv.includes('--json'));
}

function toExitCode(error: unknown, json: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof CompositionError) {
    printFailure({ code: 'COMPOSITION_FAILED', message: error.message, problems: error.problems }, json);
    return 1;
  }
  if (error instanceof OutputError) {
    printFailure({ code: 'OUTPUT_FAILED', message: error.message }, json);
    return 2;
  }
  if (error instanceof SupergraphConfigError) {
    printFailure({ code: 'BAD_CONFIG', message: error.message }, json);
    return 2;
  }
  throw error;
}
