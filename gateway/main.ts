/** Runs the gateway alone: `npm run gateway -- --supergraph FILE --port N --dev`. */
import { configJsonSchema, loadConfig } from './config.ts';
import { createGateway } from './gateway.ts';
import { describeSettings } from './read-settings.ts';
import { StartupError } from './startup-error.ts';

const argv = process.argv.slice(2);
if (argv.includes('--help')) {
  process.stdout.write(`Usage: npm run gateway -- [settings]\n\n${describeSettings(configJsonSchema)}\n`);
} else {
  await run();
}

async function run(): Promise<void> {
  try {
    const config = await loadConfig(argv, process.env);
    const gateway = await createGateway(config);
    const note = config.dev ? ` — development: open at ${gateway.url}/sandbox` : '';
    process.stderr.write(
      `Minigate listens at ${gateway.url}/graphql, for operators at ${gateway.adminUrl}${note}\n`,
    );
    endOnSignal(gateway.close);
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

/** The first signal ends in good order, the second at once. */
function endOnSignal(close: () => Promise<void>): void {
  let ending = false;
  const end = (): void => {
    if (ending) process.exit(1);
    ending = true;
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${error}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}
