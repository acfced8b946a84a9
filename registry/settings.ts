/** The settings of the registry, all by environment variables or one file, with defaults and every problem reported at once. */
import { z } from 'zod';
import { loadYaml } from '../gateway/load-yaml.ts';
import { StartupError } from '../gateway/startup-error.ts';

const notice = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]{1,40}$/),
  kind: z.enum(['webhook', 'wecom', 'feishu', 'dingtalk']),
  url: z.url({ protocol: /^https?$/ }),
  secret: z
    .string()
    .min(8)
    .optional()
    .describe('Signs the message; 飞书 and 钉钉 call it the bot’s signature key.'),
  events: z
    .array(z.enum(['publish', 'rollback', 'delete', 'operations', 'check_failed', 'ban_wave']))
    .default(['publish', 'rollback', 'delete', 'check_failed', 'ban_wave']),
});

export const registrySettings = z.strictObject({
  host: z.string().default('127.0.0.1'),
  port: z.coerce.number().int().min(0).max(65_535).default(4010),
  environments: z
    .array(z.string().regex(/^[a-z][a-z0-9-]{0,31}$/))
    .min(1)
    .default(['dev', 'trial', 'release'])
    .describe('The three of a mini-program.'),
  adminToken: z.string().min(32).optional().describe('May do everything; for creating the first tokens.'),
  dev: z
    .boolean()
    .default(false)
    .describe(
      'Whoever reaches it from this machine is an administrator without a token. Only on a loopback address.',
    ),
  access: z
    .strictObject({
      policy: z.string().optional().describe('The policy module of the gateway.'),
      file: z.string().optional().describe('Its roles and permissions, in place of the module’s.'),
    })
    .default({}),
  limits: z
    .strictObject({ file: z.string().optional().describe('Limits that gateways hold to beside their own.') })
    .default({}),
  bans: z
    .strictObject({ file: z.string().optional().describe('Bans that gateways hold to beside their own.') })
    .default({}),
  usageDays: z.coerce
    .number()
    .positive()
    .default(30)
    .describe('A client version that has not been seen for so long is no longer in use; 0.5 is half a day.'),
  maxVanishingPercent: z.coerce
    .number()
    .min(0)
    .max(100)
    .default(30)
    .describe('Of types, fields and values that one change may take away without force.'),
  twoPersonEnvironments: z
    .array(z.string())
    .default(['release'])
    .describe('Where another owner has to approve a new address of a subgraph.'),
  changesPerMinute: z.coerce
    .number()
    .int()
    .positive()
    .default(30)
    .describe('Checks and changes of one team.'),
  check: z
    .strictObject({
      timeoutMs: z.coerce.number().int().positive().default(30_000),
      maxHeapMb: z.coerce.number().int().positive().default(512),
      concurrency: z.coerce.number().int().positive().default(2),
    })
    .prefault({}),
  notices: z.array(notice).default([]),
  banWave: z
    .strictObject({
      bans: z.coerce.number().int().positive().default(20),
      minutes: z.coerce.number().int().positive().max(60).default(5),
    })
    .prefault({})
    .describe(
      'How many bans by rules, on all gateways of an environment within so many minutes, are told of.',
    ),
});

export type RegistrySettings = z.output<typeof registrySettings>;
export type NoticeTarget = z.output<typeof notice>;

/** @throws StartupError that lists every problem with its path */
export function parseRegistrySettings(input: unknown): RegistrySettings {
  const parsed = registrySettings.safeParse(input);
  if (!parsed.success)
    throw new StartupError(`The settings of the registry have problems.\n${z.prettifyError(parsed.error)}`);
  const { dev, host } = parsed.data;
  if (dev && !['127.0.0.1', '::1', 'localhost'].includes(host))
    throw new StartupError(
      `With \`dev\` the registry listens on this machine alone; ${host} is reached by others.`,
    );
  return parsed.data;
}

const variables: Readonly<Record<string, string>> = {
  HOST: 'host',
  PORT: 'port',
  MINIGATE_ADMIN_TOKEN: 'adminToken',
};

/** The file that `MINIGATE_REGISTRY_CONFIG` names, then the variables. @throws StartupError */
export async function loadRegistrySettings(env: NodeJS.ProcessEnv): Promise<RegistrySettings> {
  const file = env.MINIGATE_REGISTRY_CONFIG;
  const fromFile = file ? await loadYaml(file, 'registry settings') : {};
  const fromEnvironment = Object.fromEntries(
    Object.entries(variables).flatMap(([name, key]) => (env[name] ? [[key, env[name]]] : [])),
  );
  return parseRegistrySettings({ ...(fromFile as object), ...fromEnvironment });
}
