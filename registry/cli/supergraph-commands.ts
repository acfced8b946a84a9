/** `minigate supergraph fetch|history|diff|rollback` and `minigate usage`. */
import type { Command } from 'commander';
import type { CheckReport, SchemaChange } from '../check/problem.ts';
import { type ConnectionOptions, pathIn, toConnection, withConnection } from './connection.ts';
import { createSay } from './language.ts';
import { printSuccess, printText, toTable } from './output.ts';
import { callRegistry } from './registry-client.ts';
import { toReportText } from './report.ts';
import { readVersionControl } from './version-control.ts';

interface VersionOptions extends ConnectionOptions {
  readonly sequence?: string;
  readonly limit?: string;
  readonly to?: number;
  readonly base?: number;
}

interface VersionLine {
  readonly sequence: number;
  readonly reason: string;
  readonly subject: string;
  readonly createdAt: string;
  readonly origin: { readonly actor: string; readonly author?: string; readonly commit?: string };
}

interface Users {
  readonly safe: boolean;
  readonly days: number;
  readonly requests: number;
  readonly users: readonly {
    readonly client: string;
    readonly version: string;
    readonly operation: string;
    readonly requests: number;
    readonly lastSeenAt: string | null;
  }[];
}

/** @returns the command `supergraph`, for others to add to */
export function addSupergraphCommands(program: Command): Command {
  const say = createSay(process.env);
  const supergraph = program.command('supergraph').description('work on the whole graph');

  withConnection(supergraph.command('fetch'))
    .description('print the supergraph in force, or another version')
    .option('--sequence <version>', 'the version')
    .action(async (options: VersionOptions) => {
      const query = options.sequence ? `?sequence=${encodeURIComponent(options.sequence)}` : '';
      const data = await callRegistry<{ supergraphSdl: string }>(
        toConnection(options),
        'GET',
        `${pathIn(options, 'supergraph')}${query}`,
      );
      if (options.json) return printSuccess(data);
      printText(data.supergraphSdl);
    });

  withConnection(supergraph.command('history'))
    .description('list the versions of the environment, the newest first')
    .option('--limit <count>', 'how many', '20')
    .action(async (options: VersionOptions) => {
      const data = await callRegistry<{ versions: readonly VersionLine[] }>(
        toConnection(options),
        'GET',
        `${pathIn(options, 'supergraph', 'history')}?limit=${encodeURIComponent(options.limit ?? '20')}`,
      );
      if (options.json) return printSuccess(data);
      printText(
        toTable(
          ['VERSION', 'WHAT', 'OF', 'WHEN', 'WHO', 'COMMIT'],
          data.versions.map(({ sequence, reason, subject, createdAt, origin }) => [
            ...[String(sequence), reason, subject, createdAt, origin.author ?? origin.actor],
            origin.commit?.slice(0, 12) ?? '',
          ]),
        ),
      );
    });

  withConnection(supergraph.command('diff').argument('<from>', 'a version').argument('[to]', 'another'))
    .description('say what clients see of the difference between two versions')
    .action(async (from: string, to: string | undefined, options: ConnectionOptions) => {
      const query = new URLSearchParams(to === undefined ? { from } : { from, to });
      const data = await callRegistry<{ changes: readonly SchemaChange[] }>(
        toConnection(options),
        'GET',
        `${pathIn(options, 'supergraph', 'diff')}?${query}`,
      );
      if (options.json) return printSuccess(data);
      const lines = data.changes.map(({ severity, message }) => `${say(severity)}  ${message}`);
      printText(lines.length > 0 ? lines.join('\n') : say('nothing'));
    });

  withConnection(supergraph.command('rollback'))
    .description('bring an earlier version back, as the next one')
    .option('--to <version>', 'the version; default: the one before that in force', Number)
    .option('--base <version>', 'refuse if the environment is at another version', Number)
    .action(async (options: VersionOptions) => {
      const { to, base, environment } = options;
      const data = await callRegistry<{ to: number; sequence: number; report: CheckReport }>(
        toConnection(options),
        'POST',
        pathIn(options, 'supergraph', 'rollback'),
        { to, base, vcs: readVersionControl(process.env) },
      );
      if (options.json) return printSuccess(data);
      const verdict = say('rolledBack', environment, data.to, data.sequence);
      printText([toReportText(data.report, environment, say), verdict].filter(Boolean).join('\n\n'));
    });

  withConnection(program.command('usage').argument('<coordinate>', '`Type` or `Type.field`'))
    .description('say who still asks for a type or field, in numbers')
    .action(async (coordinate: string, options: ConnectionOptions) => {
      const data = await callRegistry<Users>(
        toConnection(options),
        'GET',
        `${pathIn(options, 'usage')}?coordinate=${encodeURIComponent(coordinate)}`,
      );
      if (options.json) return printSuccess(data);
      if (data.safe) return printText(say('safe', coordinate, data.days));
      const rows = data.users.map(({ client, version, operation, requests, lastSeenAt }) => [
        ...[client, version, operation, String(requests), lastSeenAt ?? ''],
      ]);
      const table = toTable(['CLIENT', 'VERSION', 'OPERATION', 'REQUESTS', 'LAST SEEN'], rows);
      printText(`${say('notSafe', data.requests, coordinate, data.days)}\n\n${table}`);
    });
  return supergraph;
}
