/** Runs the gateway alone: `npm run gateway -- --supergraph FILE --port N --dev`. */
import { configJsonSchema, loadConfig } from './config.ts';
import { endOnSignal } from './end-on-signal.ts';
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
    endOnSignal(gateway.close);
    const note = config.dev ? ` — development: open at ${gateway.url}/sandbox` : '';
    process.stderr.write(
      `Minigate listens at ${gateway.url}/graphql, for operators at ${gateway.adminUrl}${note}\n`,
    );
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
