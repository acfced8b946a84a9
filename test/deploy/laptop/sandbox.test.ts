import { expect, test } from 'vitest';
import { startStack } from '../../../deploy/laptop/stack.ts';
import { executeQuery, launchBrowser, patience, readAnswer, watchPage } from '../../support/browser.ts';
import { watchGateway } from '../../support/known-secrets.ts';
import { describeWith } from '../../support/services.ts';

const anyPort = { gateway: 0, admin: 0, registry: 0, simulator: 0, user: 0, order: 0, product: 0 };

describeWith('chromium', 'the sandbox of the running stack', (executablePath) => {
  test('logs in as SUPER by one click, runs `me`, and no request leaves the gateway', async () => {
    const stack = await startStack({
      host: '127.0.0.1',
      ports: anyPort,
      databaseUrl: undefined,
      dataDir: undefined,
      logLevel: 'silent',
    });
    watchGateway(stack.gatewayUrl, stack.adminUrl);
    const browser = await launchBrowser(executablePath);
    try {
      const page = await browser.newPage({ locale: 'en-US', viewport: { width: 1280, height: 800 } });
      const { origins, troubles } = await watchPage(page);
      await page.goto(`${stack.gatewayUrl}/sandbox`);
      await page.getByRole('button', { name: 'Log in as SUPER' }).click();
      await page.getByRole('status').filter({ hasText: 'SUPER · u-0001' }).waitFor();
      await executeQuery(page);
      await expect.poll(() => readAnswer(page), patience).toContain('"id":"u-0001"');
      expect({ origins: [...origins], troubles }).toEqual({ origins: [stack.gatewayUrl], troubles: [] });
      if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/sandbox.png` });
    } finally {
      await browser.close();
      await stack.close();
    }
  }, 90_000);
});
