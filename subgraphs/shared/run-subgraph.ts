/** Runs one subgraph as a program of its own: settings from the environment, a clean end at SIGTERM or SIGINT. */
import { z } from 'zod';
import { openDatabase } from './database.ts';
import type { RunningSubgraph } from './subgraph-server.ts';
import type { SubgraphSettings } from './subgraph-settings.ts';

export interface SubgraphProgram<OwnSettings> {
  readonly name: string;
  readonly defaultPort: number;
  readonly environment: NodeJS.ProcessEnv;
  /** What this program reads from the environment besides; an empty variable counts as absent. */
  readonly ownSettings: z.ZodType<OwnSettings>;
  create(settings: SubgraphSettings & OwnSettings): Promise<RunningSubgraph>;
}

/** Prints the address when ready; a start that fails prints one line that names the cause, and exits with 1. */
export async function runSubgraph<OwnSettings>(program: SubgraphProgram<OwnSettings>): Promise<void> {
  const write = (text: string) => process.stderr.write(`${program.name} subgraph: ${text}\n`);
  try {
    const { environment, ownSettings } = parseEnvironment(program);
    const database = await openDatabase({ url: environment.DATABASE_URL, dataDir: environment.DATA_DIR });
    const subgraph = await program
      .create({
        ...ownSettings,
        database,
        internalKey: environment.MINIGATE_INTERNAL_KEY,
        host: environment.HOST,
        port: environment.PORT,
        now: Date.now,
        onFault: (error) => write(toLine(error)),
      })
      .catch(async (error: unknown) => {
        await database.close();
        throw error;
      });
    const stop = async () => {
      await subgraph.close();
      await database.close();
    };
    for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void stop());
    process.stdout.write(`${program.name} subgraph ready at ${subgraph.url}\n`);
  } catch (error) {
    write(toLine(error));
    process.exitCode = 1;
  }
}

/** @throws Error whose message names every bad setting */
function parseEnvironment<OwnSettings>(program: SubgraphProgram<OwnSettings>) {
  const present = Object.fromEntries(Object.entries(program.environment).filter(([, value]) => value !== ''));
  const shared = sharedSettings(program.defaultPort).safeParse(present);
  const own = program.ownSettings.safeParse(present);
  if (shared.success && own.success) return { environment: shared.data, ownSettings: own.data };
  const issues = [shared, own].flatMap(({ error }) => error?.issues ?? []);
  throw new Error(issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; '));
}

function sharedSettings(defaultPort: number) {
  return z.object({
    HOST: z.string().default('127.0.0.1'),
    PORT: z.coerce
      .number('must be a port number')
      .int('must be a port number')
      .min(0, 'must be from 0 to 65535')
      .max(65_535, 'must be from 0 to 65535')
      .default(defaultPort),
    DATABASE_URL: z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
      .optional(),
    DATA_DIR: z.string().optional(),
    MINIGATE_INTERNAL_KEY: z
      .string('is missing; give the gateway and every subgraph the same 32 characters or more')
      .min(32, 'must be of 32 characters or more'),
  });
}

function toLine(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  if (code === 'EADDRINUSE') return `${address}:${port} is in use; set PORT to a free one.`;
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${error.message}${cause}`.replaceAll(/\s*\n\s*/g, ' ');
}
