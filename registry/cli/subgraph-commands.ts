/** `minigate subgraph check|publish|list|fetch|delete`. */
import type { Command } from 'commander';
import type { CheckReport } from '../check/problem.ts';
import { type ConnectionOptions, pathIn, toConnection, withConnection } from './connection.ts';
import { createSay } from './language.ts';
import { CommandError, printSuccess, printText, toTable } from './output.ts';
import { readText } from './read-text.ts';
import { callRegistry } from './registry-client.ts';
import { toReportText } from './report.ts';
import { readVersionControl } from './version-control.ts';

interface ChangeOptions extends ConnectionOptions {
  readonly schema: string;
  readonly routingUrl?: string;
  readonly base?: number;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

interface Checked {
  readonly base: number;
  readonly sequence?: number;
  readonly changed?: boolean;
  readonly report: CheckReport;
}

export function addSubgraphCommands(program: Command): void {
  const say = createSay(process.env);
  const subgraph = program.command('subgraph').description('work on one subgraph');
  const withSchema = (command: Command): Command =>
    withConnection(command.argument('<name>', 'the subgraph'))
      .requiredOption('--schema <file>', 'the schema; - for standard input')
      .option('--routing-url <url>', 'where the gateway reaches it; needed the first time')
      .option('--base <version>', 'refuse if the environment is at another version', Number);
  const change = async (
    verb: 'check' | 'publish',
    name: string,
    options: ChangeOptions,
  ): Promise<Checked> => {
    const { schema, routingUrl, base, force } = options;
    return callRegistry(toConnection(options), 'POST', pathIn(options, 'subgraphs', name, verb), {
      ...{ sdl: await readText(schema), routingUrl, base, force },
      vcs: readVersionControl(process.env),
    });
  };

  withSchema(subgraph.command('check'))
    .description('say what publishing this schema would change, and whom it would break')
    .action(async (name: string, options: ChangeOptions) => {
      const { report, base } = await change('check', name, options);
      const verdict = say(report.passed ? 'checkPassed' : 'checkFailed', base, options.environment);
      if (!report.passed) fail(report, verdict, options);
      if (options.json) return printSuccess({ base, report });
      printText([toReportText(report, options.environment, say), verdict].filter(Boolean).join('\n\n'));
    });

  withSchema(subgraph.command('publish'))
    .description('check a schema, and publish it as the next version of the environment')
    .option('--force', 'publish although clients break or most of the schema goes')
    .action(async (name: string, options: ChangeOptions) => {
      const result = await change('publish', name, options).catch((error: unknown) => {
        const { report } = (error instanceof CommandError ? error.failure : {}) as { report?: CheckReport };
        if (report) fail(report, (error as Error).message, options);
        throw error;
      });
      if (options.json) return printSuccess(result);
      const { report, changed, sequence = 0 } = result;
      const verdict = say(changed ? 'published' : 'unchanged', name, options.environment, sequence);
      printText([toReportText(report, options.environment, say), verdict].filter(Boolean).join('\n\n'));
    });

  withConnection(subgraph.command('list'))
    .description('list the subgraphs in force')
    .action(async (options: ConnectionOptions) => {
      const data = await callRegistry<{ subgraphs: readonly Record<string, string>[] }>(
        toConnection(options),
        'GET',
        pathIn(options, 'subgraphs'),
      );
      if (options.json) return printSuccess(data);
      printText(
        toTable(
          ['SUBGRAPH', 'ADDRESS', 'SCHEMA'],
          data.subgraphs.map(({ subgraph: one = '', routingUrl = '', schemaHash = '' }) => [
            one,
            routingUrl,
            schemaHash.slice(0, 12),
          ]),
        ),
      );
    });

  withConnection(subgraph.command('fetch').argument('<name>', 'the subgraph'))
    .description('print the schema in force')
    .action(async (name: string, options: ConnectionOptions) => {
      const data = await callRegistry<{ sdl: string }>(
        toConnection(options),
        'GET',
        pathIn(options, 'subgraphs', name),
      );
      if (options.json) return printSuccess(data);
      printText(data.sdl);
    });

  withConnection(subgraph.command('delete').argument('<name>', 'the subgraph'))
    .description('take a subgraph out of the environment')
    .option('--dry-run', 'only say what would become of it')
    .option('--force', 'although clients break or most of the schema goes')
    .action(async (name: string, options: ChangeOptions) => {
      const { environment, force, dryRun } = options;
      const data = await callRegistry<Checked>(
        toConnection(options),
        'POST',
        pathIn(options, 'subgraphs', name, 'delete'),
        { force, dryRun, vcs: readVersionControl(process.env) },
      );
      const { report, sequence = 0, base } = data;
      if (!report.passed) fail(report, say('checkFailed', base, environment), options);
      if (options.json) return printSuccess(data);
      const verdict = say(dryRun ? 'wouldDelete' : 'deleted', name, environment, sequence);
      printText([toReportText(report, environment, say), verdict].filter(Boolean).join('\n\n'));
    });
}

/** @throws CommandError with the whole report, as text or for the envelope */
function fail(report: CheckReport, verdict: string, { environment, json }: ConnectionOptions): never {
  const text = json ? '' : `${toReportText(report, environment, createSay(process.env))}\n\n`;
  throw new CommandError({ code: 'CHECK_FAILED', message: `${text}${verdict}`, report }, 1);
}
