/** A headless Chromium for tests of pages, and what is watched while a page is used. */
import { type Browser, chromium, type Page } from 'playwright-core';

const launchFlags = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

export function launchBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: launchFlags });
}

/** A cold start bundles the page first, which takes seconds on a busy machine. */
export const patience = { timeout: 15_000 };

/** Starts collecting the origins that the page and its workers ask, violations of the policy, and errors. */
export async function watchPage(page: Page): Promise<{ origins: Set<string>; troubles: string[] }> {
  const origins = new Set<string>();
  const troubles: string[] = [];
  page.on('request', (request) => origins.add(new URL(request.url()).origin));
  page.on('worker', (worker) => origins.add(new URL(worker.url()).origin));
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') troubles.push(message.text());
  });
  await page.addInitScript(
    `addEventListener('securitypolicyviolation', (event) => console.error('refused', event.violatedDirective, event.blockedURI));`,
  );
  return { origins, troubles };
}

/** What GraphiQL shows as the answer, without white space. */
export async function readAnswer(page: Page): Promise<string> {
  return (await page.locator('.graphiql-response .view-lines').innerText()).replace(/\s/g, '');
}

/** As a person does: once the query is to be seen. Until its editor is loaded the button does nothing. */
export async function executeQuery(page: Page): Promise<void> {
  await page.locator('.graphiql-query-editor .view-lines').filter({ hasText: /\S/ }).waitFor();
  await page.getByRole('button', { name: 'Execute query' }).click();
}
