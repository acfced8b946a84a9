/** The page's entry: reads the gateway's configuration and schema, then shows the sandbox. */
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import type { SandboxConfig } from '../sandbox-config.ts';
import { loadSchema, toDefaultQuery } from './default-query.ts';
import { toLabels } from './labels.ts';
import { registerMonacoWorkers } from './monaco-workers.ts';
import { createSessionFetcher, Sandbox } from './sandbox.ts';
import { logIn } from './session.ts';

/** What is used of the browser's document; its full types would be visible to all of the server's code. */
interface BrowserDocument {
  readonly documentElement: { lang: string };
  getElementById(id: string): object;
}

const { document } = globalThis as unknown as { document: BrowserDocument };

registerMonacoWorkers();
const labels = toLabels(navigator.language);
document.documentElement.lang = labels.language;

const config = (await (await fetch('/sandbox/config.json')).json()) as SandboxConfig;
// As whoever may log in sees it: guests may see next to nothing of it.
const [login] = config.logins;
const session =
  login && (await logIn({ loginPath: config.loginPath, login, fetch, now: Date.now }).catch(() => undefined));
const schema = await loadSchema(createSessionFetcher(config, session));
const defaultQuery = toDefaultQuery(schema, labels.comments);
createRoot(document.getElementById('root')).render(createElement(Sandbox, { config, labels, defaultQuery }));
