import type { Page } from 'playwright-core';
import { expect, test, vi } from 'vitest';
import { executeQuery, launchBrowser, patience, readAnswer, watchPage } from '../../support/browser.ts';
import { describeWith } from '../../support/services.ts';
import { startSandboxHost } from './sandbox-host.ts';

async function replaceQuery(page: Page, query: string): Promise<void> {
  await page.locator('.graphiql-query-editor .view-lines').click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText(query);
}

describeWith('chromium', 'the sandbox in a browser', (executablePath) => {
  vi.setConfig({ testTimeout: 60_000 });

  test('logs in by one click, runs `me` and a mutation, and never leaves its origin', async () => {
    const host = await startSandboxHost();
    const browser = await launchBrowser(executablePath);
    try {
      const page = await browser.newPage({ locale: 'en-US', viewport: { width: 1280, height: 800 } });
      const { origins, troubles } = await watchPage(page);

      await page.goto(`${host.url}/sandbox`);
      await page.getByRole('button', { name: 'Log in as ADMIN' }).click();
      await page.getByRole('status').filter({ hasText: 'ADMIN · user-2 · USER + ADMIN' }).waitFor();
      await executeQuery(page);
      await expect
        .poll(() => readAnswer(page), patience)
        .toBe('{"data":{"me":{"id":"user-2","nickname":"小红","roles":["USER","ADMIN"]}}}');

      await replaceQuery(page, 'mutation Rename { rename(nickname: "x") { id } }');
      await page.getByRole('tab', { name: 'Rename' }).waitFor();
      await page.keyboard.press('ControlOrMeta+Enter');
      await expect.poll(() => readAnswer(page), patience).toBe('{"data":{"rename":{"id":"user-2"}}}');

      const authorization = 'Bearer token of simulator:admin';
      expect(host.operations.filter(({ operationName }) => operationName !== 'IntrospectionQuery')).toEqual([
        { operationName: 'Me', authorization, idempotencyKey: undefined },
        { operationName: 'Rename', authorization, idempotencyKey: expect.stringMatching(/^[0-9a-f]{32}$/) },
      ]);
      await expect
        .poll(() => page.workers().map((worker) => worker.url()), patience)
        .toContain(`${host.url}/sandbox/assets/graphql.worker.js`);
      expect({ origins: [...origins], troubles }).toEqual({ origins: [host.url], troubles: [] });
    } finally {
      await browser.close();
      await host.close();
    }
  });

  test('speaks Chinese to a Chinese browser, shows why a login was refused, and logs out', async () => {
    const host = await startSandboxHost();
    const browser = await launchBrowser(executablePath);
    try {
      const page = await browser.newPage({ locale: 'zh-CN', colorScheme: 'dark' });
      await page.goto(`${host.url}/sandbox`);
      const status = page.getByRole('status').first();

      await page.getByRole('button', { name: '登录为 USER' }).click();
      await expect.poll(() => status.innerText(), patience).toBe('USER · user-1 · USER');
      await page.getByRole('button', { name: '退出登录' }).click();
      await expect.poll(() => status.innerText(), patience).toBe('未登录');
      await page.getByRole('button', { name: '登录为 NOBODY' }).click();
      await expect.poll(() => status.innerText(), patience).toBe('登录凭证无效。');
    } finally {
      await browser.close();
      await host.close();
    }
  });
});
