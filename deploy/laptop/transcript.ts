/** What `npm start` tells a newcomer once everything runs. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { demoApp } from './demo-app.ts';
import type { JourneyStep } from './journey.ts';
import type { StackSettings } from './settings.ts';
import type { Stack } from './stack.ts';

export function formatSteps(steps: readonly JourneyStep[]): string {
  return steps.map(({ call, answer }, index) => `  ${index + 1}. ${call}\n     ${answer}`).join('\n');
}

export function formatAddresses(stack: Stack, { dataDir }: StackSettings): string {
  const rows = {
    GraphQL: `${stack.gatewayUrl}/graphql`,
    Sandbox: `${stack.gatewayUrl}/sandbox   (log in as USER, ADMIN or SUPER by one click)`,
    Health: `${stack.adminUrl}/health/ready`,
    Metrics: `${stack.adminUrl}/metrics`,
    Subgraphs: Object.values(stack.subgraphUrls).join('  '),
    WeChat: `${stack.simulatorUrl}   (simulator)`,
    Database: stack.database.kind === 'postgres' ? 'Postgres' : `embedded Postgres in ${dataDir ?? 'memory'}`,
  };
  return Object.entries(rows)
    .map(([name, value]) => `  ${name.padEnd(11)}${value}`)
    .join('\n');
}

/** Two lines for a shell: log in, then ask who is logged in, by the registered operation's id. */
export async function formatCurl({ gatewayUrl }: Stack): Promise<string> {
  const manifest = JSON.parse(
    await readFile(
      fileURLToPath(new URL('../../client/demo/generated/manifest.json', import.meta.url)),
      'utf8',
    ),
  ) as { operations: { id: string; name: string }[] };
  const me = manifest.operations.find(({ name }) => name === 'Me');
  const post = (path: string): string => `curl -s ${gatewayUrl}${path} -H 'content-type: application/json'`;
  const login = `${post('/auth/wechat/login')} -d '{"appId":"${demoApp.appId}","code":"simulator:user"}'`;
  const token = `TOKEN=$(${login} | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')`;
  return `  ${token}\n  ${post('/graphql')} -H "authorization: Bearer $TOKEN" -d '{"documentId":"${me?.id}"}'`;
}
