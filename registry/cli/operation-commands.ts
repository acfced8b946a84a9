/** `minigate operations publish|list|retire`. */
import type { Command } from 'commander';
import { type ConnectionOptions, pathIn, toConnection, withConnection } from './connection.ts';
import { createSay } from './language.ts';
import { printSuccess, printText, toTable } from './output.ts';
import { readJson } from './read-text.ts';
import { callRegistry } from './registry-client.ts';
import { readVersionControl } from './version-control.ts';

interface ClientOptions extends ConnectionOptions {
  readonly client: string;
  readonly clientVersion?: string;
  readonly appId?: string;
}

interface Registered {
  readonly sequence: number;
  readonly operations: readonly { readonly name: string; readonly measure?: { readonly problem?: string } }[];
}

interface VersionLine {
  readonly client: string;
  readonly version: string;
  readonly operations: number;
  readonly inUse: boolean;
  readonly requests: number;
  readonly lastSeenAt: string | null;
}

export function addOperationCommands(program: Command): void {
  const say = createSay(process.env);
  const operations = program
    .command('operations')
    .description('work on the registered operations of clients');

  withConnection(operations.command('publish').argument('<manifest>', 'the file; - for standard input'))
    .description('register the operations of one version of a client')
    .requiredOption('--client <name>', 'the client')
    .requiredOption('--client-version <version>', 'its version')
    .option('--app-id <appid>', 'the mini-program whose users may run them')
    .action(async (file: string, options: ClientOptions) => {
      const { client, clientVersion: version, appId } = options;
      const data = await callRegistry<Registered>(
        toConnection(options),
        'POST',
        pathIn(options, 'operations'),
        {
          ...{ client, version, appId, manifest: await readJson(file) },
          vcs: readVersionControl(process.env),
        },
      );
      if (options.json) return printSuccess(data);
      const misfits = data.operations.flatMap(({ name, measure }) =>
        measure?.problem ? [`  ${name}: ${measure.problem}`] : [],
      );
      printText(
        [
          say(
            'registered',
            data.operations.length,
            `${client} ${version}`,
            options.environment,
            data.sequence,
          ),
          ...(misfits.length > 0 ? [say('misfits', misfits.length), ...misfits] : []),
        ].join('\n'),
      );
    });

  withConnection(operations.command('list'))
    .description('list the versions of clients, and whether they are in use')
    .action(async (options: ConnectionOptions) => {
      const data = await callRegistry<{ versions: readonly VersionLine[] }>(
        toConnection(options),
        'GET',
        pathIn(options, 'operations'),
      );
      if (options.json) return printSuccess(data);
      printText(
        toTable(
          ['CLIENT', 'VERSION', 'OPERATIONS', 'IN USE', 'REQUESTS', 'LAST SEEN'],
          data.versions.map(({ client, version, operations: count, inUse, requests, lastSeenAt }) => [
            ...[client, version, String(count), inUse ? 'yes' : 'no', String(requests), lastSeenAt ?? ''],
          ]),
        ),
      );
    });

  withConnection(operations.command('retire'))
    .description('stop serving the operations of a version of a client, or of all its versions')
    .requiredOption('--client <name>', 'the client')
    .option('--client-version <version>', 'its version; default: all')
    .action(async (options: ClientOptions) => {
      const { client, clientVersion: version } = options;
      const data = await callRegistry<{ sequence: number }>(
        toConnection(options),
        'POST',
        pathIn(options, 'operations', 'retire'),
        { client, version, vcs: readVersionControl(process.env) },
      );
      if (options.json) return printSuccess(data);
      printText(
        say('retired', version ? `${client} ${version}` : client, options.environment, data.sequence),
      );
    });
}
