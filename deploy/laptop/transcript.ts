/** What `npm start` tells a newcomer once everything runs. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { demoApp } from './demo-app.ts';
import type { Journey, JourneyStep } from './journey.ts';
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
    Registry: `${stack.registryUrl}   (npx minigate subgraph list)`,
    WeChat: `${stack.simulatorUrl}   (simulator)`,
    Database: stack.database.kind === 'postgres' ? 'Postgres' : `embedded Postgres in ${dataDir ?? 'memory'}`,
  };
  return Object.entries(rows)
    .map(([name, value]) => `  ${name.padEnd(11)}${value}`)
    .join('\n');
}

/** The journey for a shell: log in, then the registered operations by their ids, as another person and anew. */
export async function formatCurl({ gatewayUrl }: Stack, { productId, skuId }: Journey): Promise<string> {
  const idOf = await loadDocumentIds();
  const post = (path: string): string => `curl -s ${gatewayUrl}${path} -H 'content-type: application/json'`;
  const read = (field: string): string => `sed 's/.*"${field}":"\\([^"]*\\)".*/\\1/'`;
  const body = (name: string, variables?: string): string =>
    `-d '{"documentId":"${idOf(name)}"${variables ? `,"variables":${variables}` : ''}}'`;
  const login = `${post('/auth/wechat/login')} -d '{"appId":"${demoApp.appId}","code":"simulator:user"}'`;
  const input = JSON.stringify({ input: { lines: [{ skuId, quantity: 1 }] } });
  const lines = [
    `TOKEN=$(${login} | ${read('accessToken')})`,
    `ask() { ${post('/graphql')} -H "authorization: Bearer $TOKEN" "$@"; }`,
    `ask ${body('Me')}`,
    `ask ${body('ProductPage', JSON.stringify({ id: productId }))}`,
    `ORDER=$(ask -H "idempotency-key: by-hand-$(date +%s)" ${body('CreateOrder', input)} | ${read('id')})`,
    `ask ${body('OrderDetail', `{"id":"'$ORDER'"}`)}`,
  ];
  return lines.map((line) => `  ${line}`).join('\n');
}

async function loadDocumentIds(): Promise<(name: string) => string | undefined> {
  const path = fileURLToPath(new URL('../../client/demo/generated/manifest.json', import.meta.url));
  const { operations } = JSON.parse(await readFile(path, 'utf8')) as {
    operations: { id: string; name: string }[];
  };
  return (wanted) => operations.find(({ name }) => name === wanted)?.id;
}
