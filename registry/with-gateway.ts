/** The command `minigate` in this repository: besides what is packed, what composes, runs or asks the gateway. */
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { CommandError, printSuccess } from './cli/output.ts';
import { runProgram } from './cli/program.ts';
import { CompositionError, composeSubgraphs } from './compose.ts';
import { type DevOptions, runDev } from './dev.ts';
import { loadSubgraphs, SupergraphConfigError } from './load-subgraphs.ts';

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

async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (cause) {
    const message = `${path} cannot be written: ${(cause as Error).message}`;
    throw new CommandError({ code: 'OUTPUT_FAILED', message }, 2);
  }
}

/** The `access` script of the package.json here says where the gateway's own program is. */
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

/** What composition and settings throw, as the command says it. */
async function told(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (error instanceof CompositionError)
      throw new CommandError(
        { code: 'COMPOSITION_FAILED', message: error.message, problems: error.problems },
        1,
      );
    if (error instanceof SupergraphConfigError)
      throw new CommandError({ code: 'BAD_CONFIG', message: error.message }, 2);
    throw error;
  }
}

await runProgram((program, supergraph) => {
  supergraph
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
    .action((options: ComposeOptions) => told(compose(options)));

  program
    .command('dev')
    .description('run a gateway over local schema files or running subgraphs, and follow their changes')
    .option('--config <file>', 'the supergraph.yaml that lists schema files')
    .option('--subgraph <name=url...>', 'running GraphQL servers, federated or not')
    .option('--port <number>', 'of the gateway', '4000')
    .option('--admin-port <number>', 'of its listener for operators; 0 for any that is free', '0')
    .action((options: DevOptions) => told(runDev(options)));

  program
    .command('access')
    .description('who may ask what')
    .command('explain')
    .description('say which rule decides each field of an operation; needs the gateway here')
    .argument('[arguments...]', 'as `minigate access explain --help` lists them')
    .helpOption(false)
    .allowUnknownOption()
    .action((args: string[]) => told(runAccess('explain', args)));
});
