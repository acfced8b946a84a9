/** Runs the WeChat simulator alone: `node wechat-simulator/main.ts`, set up by HOST, PORT and WECHAT_APPS. */
import process from 'node:process';
import { z } from 'zod';
import { createWechatSimulator } from './simulator.ts';

const environment = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4020),
  /** `appId=secret`, several separated by commas. */
  WECHAT_APPS: z
    .string()
    .regex(/^[^=,\s]+=[^=,\s]+(,[^=,\s]+=[^=,\s]+)*$/, 'must be appId=secret, several separated by commas')
    .default('wx00000000000000a1=simulator-secret')
    .transform((text) =>
      Object.fromEntries(text.split(',').map((pair) => pair.split('=') as [string, string])),
    ),
});

function exitWith(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

const settings = environment.safeParse(process.env);
if (!settings.success) {
  const problems = settings.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  exitWith(`The WeChat simulator cannot start. ${problems.join('; ')}.`);
}
const { HOST: host, PORT: port, WECHAT_APPS: apps } = settings.data;
const simulator = await createWechatSimulator({ host, port, apps, now: Date.now }).catch((error: Error) =>
  exitWith(`The WeChat simulator cannot listen on ${host}:${port} (${error.message}). Set HOST or PORT.`),
);
process.stdout.write(`The WeChat simulator answers at ${simulator.url}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void simulator.close());
}
