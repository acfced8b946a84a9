/** `npm run journey`: does the shopper's first visit against a running stack. `--json` prints the order's id for machines. */
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { JourneyError, runJourney } from './journey.ts';
import { formatSteps } from './transcript.ts';

const usage =
  'Usage: npm run journey -- [--json] [--url http://127.0.0.1:4000] [--simulator http://127.0.0.1:4020]\n';

const values = readFlags();
if (values?.help) process.stdout.write(usage);
else if (values) await run(values);

function readFlags() {
  try {
    return parseArgs({
      options: {
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        url: { type: 'string', default: 'http://127.0.0.1:4000' },
        simulator: { type: 'string', default: 'http://127.0.0.1:4020' },
      },
    }).values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${usage}`);
    process.exitCode = 1;
    return undefined;
  }
}

async function run({
  json,
  url,
  simulator,
}: {
  json: boolean;
  url: string;
  simulator: string;
}): Promise<void> {
  try {
    const { steps, orderId } = await runJourney({
      gatewayUrl: url,
      simulatorUrl: simulator,
      openid: `o-journey-${randomUUID().slice(0, 8)}`,
    });
    process.stdout.write(json ? `${JSON.stringify({ orderId, steps })}\n` : `${formatSteps(steps)}\n`);
  } catch (error) {
    if (!(error instanceof JourneyError)) throw error;
    process.stderr.write(
      `The journey ended early. ${error.message}\nIs the stack running? Start it by \`npm start\`.\n`,
    );
    process.exitCode = 1;
  }
}
