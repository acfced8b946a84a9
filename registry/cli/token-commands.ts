/** `minigate token create|list|revoke` for administrators, `minigate approval grant|list` for owners. */
import type { Command } from 'commander';
import { type ConnectionOptions, pathIn, toConnection, withConnection } from './connection.ts';
import { createSay } from './language.ts';
import { printSuccess, printText, toTable } from './output.ts';
import { callRegistry } from './registry-client.ts';

interface TokenOptions extends ConnectionOptions {
  readonly kind: string;
  readonly scope: readonly string[];
  readonly days: number;
}

interface TokenLine {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly environment: string;
  readonly scope: readonly string[];
  readonly expiresAt: string;
  readonly revokedAt: string | null;
}

interface ApprovalLine {
  readonly subject: string;
  readonly origin: { readonly actor: string };
  readonly expiresAt: string;
}

export function addTokenCommands(program: Command): void {
  const say = createSay(process.env);
  const token = program.command('token').description('issue and revoke tokens; needs the administrator’s');

  withConnection(token.command('create').argument('<name>', 'the team or program that holds it'))
    .description('issue a token for one environment (`*` for all)')
    .requiredOption('--kind <kind>', 'admin, owner, publisher, client or gateway')
    .option('--scope <names...>', 'the subgraphs, or for the kind client the clients; `*` for all', [])
    .option('--days <count>', 'how long it holds', Number, 90)
    .action(async (name: string, options: TokenOptions) => {
      const { kind, scope, days, environment } = options;
      const data = await callRegistry<{ token: string }>(toConnection(options), 'POST', '/v1/tokens', {
        ...{ name, kind, scope, days, environment },
      });
      if (options.json) return printSuccess(data);
      process.stderr.write(`${say('tokenOnce')}\n`);
      printText(data.token);
    });

  withConnection(token.command('list'))
    .description('list tokens, without their secrets')
    .action(async (options: ConnectionOptions) => {
      const data = await callRegistry<{ tokens: readonly TokenLine[] }>(
        toConnection(options),
        'GET',
        '/v1/tokens',
      );
      if (options.json) return printSuccess(data);
      printText(
        toTable(
          ['ID', 'NAME', 'KIND', 'ENVIRONMENT', 'FOR', 'EXPIRES', 'REVOKED'],
          data.tokens.map(({ id, name, kind, environment, scope, expiresAt, revokedAt }) => [
            ...[id, name, kind, environment, scope.join(' '), expiresAt, revokedAt ?? ''],
          ]),
        ),
      );
    });

  withConnection(token.command('revoke').argument('<id>', 'as `list` shows it'))
    .description('revoke a token at once')
    .action(async (id: string, options: ConnectionOptions) => {
      const path = `/v1/tokens/${encodeURIComponent(id)}/revoke`;
      const data = await callRegistry<object>(toConnection(options), 'POST', path, {});
      if (options.json) return printSuccess(data);
      printText(say('tokenRevoked', id));
    });

  const approval = program.command('approval').description('agree to what others do with your subgraph');

  withConnection(approval.command('grant').argument('<subject>', 'as the failed check shows it'))
    .description('approve one change, for seven days')
    .action(async (subject: string, options: ConnectionOptions) => {
      const data = await callRegistry<object>(toConnection(options), 'POST', pathIn(options, 'approvals'), {
        subject,
      });
      if (options.json) return printSuccess(data);
      printText(say('approved', subject));
    });

  withConnection(approval.command('list'))
    .description('list the approvals that hold')
    .action(async (options: ConnectionOptions) => {
      const data = await callRegistry<{ approvals: readonly ApprovalLine[] }>(
        toConnection(options),
        'GET',
        pathIn(options, 'approvals'),
      );
      if (options.json) return printSuccess(data);
      printText(
        toTable(
          ['CHANGE', 'BY', 'UNTIL'],
          data.approvals.map(({ subject, origin, expiresAt }) => [subject, origin.actor, expiresAt]),
        ),
      );
    });
}
