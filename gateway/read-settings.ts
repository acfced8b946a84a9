/** Turns flags and environment variables into settings, by the names that the settings schema gives them. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { z } from 'zod';
import { StartupError } from './startup-error.ts';

/** One value that can be set: `limits.maxCost` is `--limits-max-cost` and `MINIGATE_LIMITS_MAX_COST`. */
export interface Setting {
  readonly path: readonly string[];
  readonly flag: string;
  readonly env: string;
  readonly type: string;
  /** The values it may have, when they are few. */
  readonly choices: readonly string[] | undefined;
  readonly description: string;
  readonly fallback: unknown;
}

const jsonSchemaNode = z.object({
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  description: z.string().default(''),
  default: z.unknown().optional(),
});

/** The values of a schema, in its order; groups are opened, lists and maps are one value each. */
export function listSettings(jsonSchema: unknown, path: readonly string[] = []): Setting[] {
  const {
    type = 'string',
    enum: choices,
    properties,
    description,
    default: fallback,
  } = jsonSchemaNode.parse(jsonSchema);
  if (properties) {
    return Object.entries(properties).flatMap(([name, schema]) => listSettings(schema, [...path, name]));
  }
  const words = path.flatMap((name) => name.split(/(?=[A-Z])/)).map((word) => word.toLowerCase());
  return [
    {
      path,
      flag: words.join('-'),
      env: `MINIGATE_${words.join('_').toUpperCase()}`,
      type,
      choices,
      description,
      fallback,
    },
  ];
}

export interface ReadSettings {
  /** The file named by `--config` or `MINIGATE_CONFIG`. */
  readonly file: string | undefined;
  /** Nested as the schema is; only what was set. */
  readonly values: Record<string, unknown>;
}

/** @throws StartupError for a flag or a `MINIGATE_…` variable that is no setting */
export function readSettings(
  jsonSchema: unknown,
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): ReadSettings {
  const known = listSettings(jsonSchema);
  const flags = parseFlags(known, argv);
  refuseUnknownVariables(known, env);
  const values: Record<string, unknown> = {};
  for (const setting of known) {
    const value = flags[setting.flag] ?? env[setting.env];
    if (value !== undefined) setAt(values, setting.path, toValue(setting, value));
  }
  const file = flags.config ?? env.MINIGATE_CONFIG;
  return { file: typeof file === 'string' ? file : undefined, values };
}

type Flags = Record<string, string | boolean | (string | boolean)[] | undefined>;

function parseFlags(known: readonly Setting[], argv: readonly string[]): Flags {
  const options: ParseArgsOptionsConfig = { config: { type: 'string' } };
  for (const { flag, type } of known) {
    options[flag] = { type: type === 'boolean' ? 'boolean' : 'string', multiple: type === 'array' };
  }
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new StartupError(`${(error as Error).message}\n\`npm run gateway -- --help\` lists the flags.`);
  }
}

function refuseUnknownVariables(known: readonly Setting[], env: NodeJS.ProcessEnv): void {
  const names = new Set(['MINIGATE_CONFIG', ...known.map((setting) => setting.env)]);
  const unknown = Object.keys(env).filter((name) => name.startsWith('MINIGATE_') && !names.has(name));
  if (unknown.length > 0)
    throw new StartupError(`No setting is called ${unknown.join(', ')}. Correct the name or unset it.`);
}

/** Text that cannot be read as the setting's type is handed on as it is: the schema then names the problem. */
function toValue({ type }: Setting, value: string | boolean | (string | boolean)[]): unknown {
  if (typeof value !== 'string') return value;
  if (type === 'array' || type === 'object')
    return parseJson(value) ?? (type === 'array' ? value.split(',') : value);
  if (type === 'integer' || type === 'number') return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (type === 'boolean')
    return value === 'true' || value === '1' ? true : value === 'false' || value === '0' ? false : value;
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function setAt(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  target[name] ??= {};
  setAt(target[name] as Record<string, unknown>, rest, value);
}

/** The help text: every setting with its flag, values, meaning and default. */
export function describeSettings(jsonSchema: unknown): string {
  const rows = listSettings(jsonSchema).map(({ flag, type, choices, description, fallback }) => {
    const value = type === 'boolean' ? '' : ` <${choices?.join('|') ?? type}>`;
    const shown = fallback === undefined ? '' : ` Default: ${JSON.stringify(fallback)}.`;
    return [`  --${flag}${value}`, `${description}${shown}`] as const;
  });
  rows.unshift(['  --config <file>', 'YAML or JSON file with any of the settings.']);
  const width = Math.max(...rows.map(([flag]) => flag.length)) + 2;
  return [
    ...rows.map(([flag, meaning]) => `${flag.padEnd(width)}${meaning}`),
    '',
    'Each can be set by a variable too: --limits-max-cost is MINIGATE_LIMITS_MAX_COST, and limits.maxCost in the file.',
    'A flag wins over the variable, and that over the file. Lists and objects are JSON.',
  ].join('\n');
}
