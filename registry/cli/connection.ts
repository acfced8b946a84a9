/** The options that every command to a registry takes. */
import type { Command } from 'commander';
import type { Connection } from './registry-client.ts';

export interface ConnectionOptions {
  readonly registry: string;
  readonly environment: string;
  readonly json?: boolean;
}

export function withConnection(command: Command): Command {
  const { MINIGATE_REGISTRY, MINIGATE_ENVIRONMENT } = process.env;
  return command
    .option('--registry <url>', 'where the registry answers', MINIGATE_REGISTRY || 'http://127.0.0.1:4010')
    .option('--environment <name>', 'dev, trial or release', MINIGATE_ENVIRONMENT || 'dev')
    .option('--json', 'print one JSON object instead of text');
}

export function toConnection({ registry, environment }: ConnectionOptions): Connection {
  return { registry, environment, token: process.env.MINIGATE_TOKEN || undefined };
}

/** Below the environment, names of any kind escaped. */
export function pathIn(
  { environment }: { readonly environment: string },
  ...parts: readonly string[]
): string {
  return ['/v1/environments', encodeURIComponent(environment), ...parts.map(encodeURIComponent)].join('/');
}
