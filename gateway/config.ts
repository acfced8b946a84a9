/** The gateway's settings: one schema with defaults and descriptions, filled from a file, the environment and flags. */
import { z } from 'zod';
import { loadYaml } from './load-yaml.ts';
import { readSettings } from './read-settings.ts';
import { denylistSettings, trustedProxySettings } from './settings/address-settings.ts';
import { behaviourSettings, securityLogSettings } from './settings/behaviour-settings.ts';
import { budgetSettings } from './settings/budget-settings.ts';
import { environmentSettings } from './settings/environment-settings.ts';
import { limitSettings } from './settings/limit-settings.ts';
import {
  connectionSettings,
  corsSettings,
  overloadSettings,
  tlsSettings,
} from './settings/listener-settings.ts';
import { manifestSource, persistedSettings } from './settings/persisted-settings.ts';
import { rateSettings } from './settings/rate-settings.ts';
import { redisSettings } from './settings/redis-settings.ts';
import { apiKeySettings, oidcSettings, sessionSettings } from './settings/session-settings.ts';
import { signingSettings } from './settings/signing-settings.ts';
import { bundleSettings, haveTokens, supplySettings } from './settings/supply-settings.ts';
import { hasNamesOfTheirOwn, logsIn, mayTrustHeaders, wechatSettings } from './settings/wechat-settings.ts';
import { StartupError } from './startup-error.ts';

const port = (fallback: number) => z.int().min(0).max(65_535).default(fallback);
const positive = (fallback: number) => z.int().positive().default(fallback);

const settings = z.strictObject({
  host: z.string().default('127.0.0.1').describe('Address to listen on for clients.'),
  port: port(4000).describe('Port for clients; 0 takes any free one.'),
  admin: z
    .strictObject({
      host: z.string().default('127.0.0.1').describe('Address to listen on for operators.'),
      port: port(4001).describe('Port for health and metrics; 0 takes any free one.'),
    })
    .prefault({}),
  dev: z
    .boolean()
    .default(false)
    .describe('Opens ad-hoc operations, introspection and the sandbox. Never in production.'),
  engine: z
    .enum(['minigate', 'apollo'])
    .default('minigate')
    .describe('What runs operations; `apollo` is @apollo/gateway, the reference to compare with.'),
  ...supplySettings,
  environments: environmentSettings,
  bundles: bundleSettings.prefault({}),
  policy: z.string().optional().describe('Module that exports `rules` and `roles`; needed without --dev.'),
  access: z
    .strictObject({
      file: z
        .string()
        .optional()
        .describe("YAML or JSON file whose `roles` and `permissions` replace the policy's."),
      denied: z
        .enum(['refuse', 'filter'])
        .default('refuse')
        .describe('What becomes of a query with a denied field: refused, or answered without the field.'),
      ruleTimeoutMs: positive(50).describe('How long one access rule may take.'),
      introspection: z
        .string()
        .default('dev')
        .describe('Who may read the schema: `off`, `dev` (all, with --dev), or a role, and those above it.'),
    })
    .prefault({}),
  manifests: z
    .array(z.union([z.string(), manifestSource]))
    .default([])
    .describe(
      'Files with the registered operations, or { file, client, version, appId } to say whose they are.',
    ),
  persisted: persistedSettings.prefault({}),
  internalKey: z
    .string()
    .min(32)
    .optional()
    .describe('Shared with the subgraphs: signs what is sent to them.'),
  wechat: wechatSettings.prefault({}),
  session: sessionSettings.prefault({}),
  apiKeys: apiKeySettings,
  oidc: oidcSettings,
  limits: limitSettings.prefault({}),
  budgets: budgetSettings.prefault({}),
  rates: rateSettings.prefault({}),
  trustedProxies: trustedProxySettings,
  denylist: denylistSettings,
  behaviour: behaviourSettings.prefault({}),
  securityLog: securityLogSettings.prefault({}),
  redis: redisSettings.prefault({}),
  connections: connectionSettings.prefault({}),
  cors: corsSettings.prefault({}),
  overload: overloadSettings.prefault({}),
  signing: signingSettings.prefault({}),
  tls: tlsSettings.prefault({}),
  hsts: z.boolean().default(false).describe('Sends HSTS also where a proxy ends TLS.'),
  planner: z
    .strictObject({
      timeoutMs: positive(500).describe('How long planning one operation may take.'),
      maxQueued: positive(100).describe('New operations that may wait to be planned.'),
      maxHeapMb: positive(512).describe('Memory of the planner.'),
    })
    .prefault({}),
  subgraphs: z
    .strictObject({
      timeoutMs: positive(3_000).describe('How long one subgraph may take.'),
      maxResponseBytes: positive(5_242_880).describe('Largest answer of a subgraph.'),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: z
        .enum(['debug', 'info', 'warn', 'error', 'silent'])
        .default('info')
        .describe('Least severity to log.'),
    })
    .prefault({}),
  sandbox: z
    .strictObject({
      logins: z
        .array(z.strictObject({ label: z.string(), appId: z.string(), code: z.string() }))
        .default([])
        .describe('One-click logins that the sandbox offers.'),
    })
    .prefault({}),
});

const always = { when: () => true } as const;

export const configSchema = settings
  .refine(
    ({ supergraph, registry, subgraph }) =>
      Number(supergraph !== undefined) + Number(registry !== undefined) + Number(!!subgraph?.length) === 1,
    {
      ...always,
      path: ['supergraph'],
      error: 'needed, or in its place --registry, or with --dev --subgraph; only one of them',
    },
  )
  .refine(({ dev, subgraph }) => dev || !subgraph?.length, {
    ...always,
    path: ['subgraph'],
    error: 'needs --dev: in production the schema is composed before',
  })
  .refine(({ registry, bundles }) => !registry || bundles?.publicKeys?.length, {
    ...always,
    path: ['bundles', 'publicKeys'],
    error: 'needed with --registry: the registry shows its own at its start',
  })
  .refine(({ registry, bundles, environments }) => !registry || haveTokens(bundles, environments), {
    ...always,
    path: ['bundles', 'token'],
    error: 'needed with --registry, or tokenFile',
  })
  .refine(({ registry, environments }) => registry || !environments?.length, {
    ...always,
    path: ['environments'],
    error: 'needs --registry',
  })
  .refine(({ dev, policy }) => dev || policy, {
    ...always,
    path: ['policy'],
    error: 'needed without --dev: everything is closed',
  })
  .refine(
    ({ dev, persisted }) =>
      dev ||
      !persisted?.automatic ||
      ![persisted.policy, ...Object.values(persisted.clients ?? {})].includes('enforce'),
    {
      ...always,
      path: ['persisted', 'automatic'],
      error: 'cannot be on while a policy is enforce: whoever may register operations is held to none',
    },
  )
  .refine(
    ({ signing }) => !(signing?.keys?.length || signing?.userKeyMutations?.length) || signing.audience,
    {
      ...always,
      path: ['signing', 'audience'],
      error:
        'needed beside signing.keys and signing.userKeyMutations, so that what is signed for another deployment does not hold here',
    },
  )
  .refine(
    ({ signing }) =>
      signing?.keys?.length || !(signing?.requiredPaths?.length || signing?.requiredClients?.length),
    { ...always, path: ['signing', 'keys'], error: 'needed where signatures are required' },
  )
  .refine(
    ({ signing }) => new Set(signing?.keys?.map(({ id }) => id)).size === (signing?.keys?.length ?? 0),
    {
      ...always,
      path: ['signing', 'keys'],
      error: 'have the same id twice',
    },
  )
  .refine(({ tls }) => (tls?.certFile === undefined) === (tls?.keyFile === undefined), {
    ...always,
    path: ['tls'],
    error: 'needs both certFile and keyFile',
  })
  .refine(({ wechat, internalKey }) => !logsIn(wechat) || internalKey, {
    ...always,
    path: ['internalKey'],
    error: 'needed to register WeChat logins with the user subgraph',
  })
  .refine(({ dev, wechat, session }) => dev || !logsIn(wechat) || session?.signingKeyFiles?.length, {
    ...always,
    path: ['session', 'signingKeyFiles'],
    error: 'needed without --dev: make one by `openssl genpkey -algorithm ed25519`',
  })
  .refine(({ wechat }) => !Object.keys(wechat?.wecom?.corps ?? {}).some((id) => id in (wechat?.apps ?? {})), {
    ...always,
    path: ['wechat', 'wecom', 'corps'],
    error: 'has an id that is among apps too',
  })
  .refine(({ oidc, wechat }) => hasNamesOfTheirOwn(oidc?.map(({ name }) => name) ?? [], wechat), {
    ...always,
    path: ['oidc'],
    error: 'have a name twice, or one that is among wechat.apps or wechat.wecom.corps',
  })
  .refine(({ host, wechat }) => !wechat || mayTrustHeaders(host, wechat), {
    ...always,
    path: ['wechat', 'trustedHeaders'],
    error: 'needs publicAccess: false, and a gateway that nobody reaches but by the private link',
  })
  .refine(({ redis }) => !redis?.sentinel || (redis.url && !redis.cluster), {
    ...always,
    path: ['redis', 'sentinel'],
    error: 'needs redis.url, and no redis.cluster',
  })
  .refine(({ dev, redis, session }) => dev || !redis?.url || session?.encryptionKeys?.length, {
    ...always,
    path: ['session', 'encryptionKeys'],
    error: 'needed for sessions in Redis: make one by `openssl rand -base64 32`',
  });

export type Config = z.output<typeof settings>;
export type ConfigInput = z.input<typeof settings>;

/** The settings as JSON Schema, for editors and for `--help`. */
export const configJsonSchema = z.toJSONSchema(settings, { io: 'input' });

/** @throws StartupError that lists every problem with its path */
export function parseConfig(input: unknown): Config {
  const config = configSchema.safeParse(input);
  if (config.success) return config.data;
  const problems = config.error.issues
    .flatMap(openUnion)
    .map(({ path, message }) => `  ${path.join('.') || 'settings'}: ${message}`);
  throw new StartupError(
    `The settings have problems; \`npm run gateway -- --help\` lists them all.\n${problems.join('\n')}`,
  );
}

type Issue = z.core.$ZodIssue;

/** Of a value that may be text or more than text, what is wrong with the more. */
function openUnion(issue: Issue): Issue[] {
  const fullest = issue.code === 'invalid_union' ? issue.errors.at(-1) : undefined;
  if (!fullest) return [issue];
  return fullest.flatMap(openUnion).map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

/** Flags win over the environment, which wins over the file named by `--config`. @throws StartupError */
export async function loadConfig(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<Config> {
  const { file, values } = readSettings(configJsonSchema, argv, env);
  const usual = env.REDIS_URL ? { redis: { url: env.REDIS_URL } } : {};
  const fromFile = file === undefined ? {} : await loadYaml(file, 'settings file');
  return parseConfig(merge(fromFile, merge(usual, values)));
}

function merge(base: unknown, over: unknown): unknown {
  if (!isRecord(base) || !isRecord(over)) return over === undefined ? base : over;
  const keys = new Set([...Object.keys(base), ...Object.keys(over)]);
  return Object.fromEntries([...keys].map((key) => [key, merge(base[key], over[key])]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
