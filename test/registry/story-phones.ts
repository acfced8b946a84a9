/** Phones in a process of their own: 300 requests a second whether or not they are answered, each answer compared as a whole. */
import { isDeepStrictEqual } from 'node:util';
import { Pool } from 'undici';
import { askAtRate, type RateOutcome } from '../../bench/ask-at-rate.ts';
import { type ReleasedVersion, released, toRequest, versions } from './story-graph.ts';

export type PhonesCommand =
  | { readonly kind: 'use'; readonly versions: readonly ReleasedVersion[] }
  | { readonly kind: 'stop' };

export type PhonesOutcome = RateOutcome & { readonly perSecond: number };

const [url = ''] = process.argv.slice(2);
const pool = new Pool(url, { connections: 50 });
let inUse: readonly ReleasedVersion[] = versions;

async function ask(number: number): Promise<void> {
  const version = inUse[number % inUse.length] ?? '1.2.0';
  const { statusCode, body } = await pool.request({
    path: '/graphql',
    method: 'POST',
    ...toRequest(version),
  });
  const text = await body.text();
  if (statusCode !== 200 || !isDeepStrictEqual(JSON.parse(text), { data: released[version].data }))
    throw new Error(`${version} was answered by ${statusCode} ${text}`);
}

const startedAt = performance.now();
const load = askAtRate(300, ask);
process.on('message', async (command: PhonesCommand) => {
  if (command.kind === 'use') {
    inUse = command.versions;
    return;
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const outcome = await load.stop();
  await pool.close();
  process.send?.({ ...outcome, perSecond: outcome.requests / seconds }, () => process.disconnect());
});
