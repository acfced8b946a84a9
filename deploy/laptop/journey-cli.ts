/** `npm run journey`: does the shopper's first visit against a running stack. `--json` prints the order's id for machines. */
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { JourneyError, runJourney } from './journey.ts';
import { formatSteps } from './transcript.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    url: { type: 'string', default: 'http://127.0.0.1:4000' },
    simulator: { type: 'string', default: 'http://127.0.0.1:4020' },
  },
});

if (values.help) {
  process.stdout.write(
    'Usage: npm run journey -- [--json] [--url http://127.0.0.1:4000] [--simulator http://127.0.0.1:4020]\n',
  );
} else {
  try {
    const { steps, orderId } = await runJourney({
      gatewayUrl: values.url,
      simulatorUrl: values.simulator,
      openid: `o-journey-${randomUUID().slice(0, 8)}`,
    });
    process.stdout.write(values.json ? `${JSON.stringify({ orderId, steps })}\n` : `${formatSteps(steps)}\n`);
  } catch (error) {
    if (!(error instanceof JourneyError)) throw error;
    process.stderr.write(
      `The journey ended early. ${error.message}\nIs the stack running? Start it by \`npm start\`.\n`,
    );
    process.exitCode = 1;
  }
}
