/** What can be set of `npm start`, all by environment variables. */
import { z } from 'zod';
import { StartupError } from '../../gateway/startup-error.ts';

const port = (fallback: number) =>
  z.coerce
    .number('must be a port number')
    .int('must be a port number')
    .min(0, 'must be from 0 to 65535')
    .max(65_535, 'must be from 0 to 65535')
    .default(fallback);

const environment = z.object({
  HOST: z.string().default('127.0.0.1'),
  GATEWAY_PORT: port(4000),
  ADMIN_PORT: port(4001),
  REGISTRY_PORT: port(4010),
  SIMULATOR_PORT: port(4020),
  USER_PORT: port(4101),
  ORDER_PORT: port(4102),
  PRODUCT_PORT: port(4103),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
    .optional(),
  DATA_DIR: z.string().default('.data'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('warn'),
});

export interface StackSettings {
  readonly host: string;
  /** 0 takes any free port. */
  readonly ports: Readonly<
    Record<'gateway' | 'admin' | 'registry' | 'simulator' | 'user' | 'order' | 'product', number>
  >;
  /** Without it the database runs in this process. */
  readonly databaseUrl: string | undefined;
  /** Where the embedded database keeps its files; in memory without it. */
  readonly dataDir: string | undefined;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/** An empty variable counts as absent. @throws StartupError that lists every variable with a bad value */
export function parseSettings(env: NodeJS.ProcessEnv): StackSettings {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(present);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
    throw new StartupError(
      `These environment variables cannot be used; correct or unset them.\n${problems.join('\n')}`,
    );
  }
  const { data } = parsed;
  return {
    host: data.HOST,
    ports: {
      gateway: data.GATEWAY_PORT,
      admin: data.ADMIN_PORT,
      registry: data.REGISTRY_PORT,
      simulator: data.SIMULATOR_PORT,
      user: data.USER_PORT,
      order: data.ORDER_PORT,
      product: data.PRODUCT_PORT,
    },
    databaseUrl: data.DATABASE_URL,
    dataDir: data.DATA_DIR,
    logLevel: data.LOG_LEVEL,
  };
}
