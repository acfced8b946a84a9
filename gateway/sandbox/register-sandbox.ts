/** The sandbox: GraphiQL in the browser, served by the gateway itself under `--dev`, with nothing loaded from elsewhere. */
import { createReadStream } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { defaultCacheFolder, loadSandboxBundle, type SandboxBundle } from './sandbox-bundle.ts';
import type { SandboxConfig } from './sandbox-config.ts';
import { failedPage, preparingPage, sandboxPage } from './sandbox-page.ts';

export interface SandboxOptions extends SandboxConfig {
  /** Where the page's bundle is kept between starts. */
  readonly cacheFolder?: string;
  /** How long the first visitor waits for the bundle before a page that reloads itself is sent; default 500. */
  readonly patienceMs?: number;
}

/** Monaco writes style elements and carries its icons as data: addresses; scripts and workers are files of our own. */
export const sandboxContentSecurityPolicy = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "worker-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Adds `GET /sandbox`, `/sandbox/config.json` and `/sandbox/assets/*`. The bundle is made at the first visit. */
export async function registerSandbox(app: FastifyInstance, options: SandboxOptions): Promise<void> {
  const { graphqlPath, loginPath, logins, cacheFolder = defaultCacheFolder, patienceMs = 500 } = options;
  const config: SandboxConfig = { graphqlPath, loginPath, logins };
  let loading: Promise<SandboxBundle> | undefined;
  let bundle: SandboxBundle | undefined;

  async function load(): Promise<SandboxBundle> {
    try {
      bundle = await loadSandboxBundle(cacheFolder);
      return bundle;
    } finally {
      loading = undefined;
    }
  }

  await app.register(async (scope) => {
    scope.addHook('onSend', async (_request, reply) => {
      reply.headers({
        'content-security-policy': sandboxContentSecurityPolicy,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-cache',
      });
    });

    scope.get('/sandbox', async (request, reply) => {
      reply.type('text/html; charset=utf-8');
      if (bundle) return sandboxPage;
      loading ??= load();
      try {
        const isReady = await Promise.race([loading.then(() => true), delay(patienceMs, false)]);
        return isReady ? sandboxPage : preparingPage;
      } catch (error) {
        request.log.error({ err: error }, 'the sandbox cannot be prepared');
        return reply.code(503).send(failedPage);
      }
    });

    scope.get('/sandbox/config.json', async () => config);

    scope.get<{ Params: { '*': string } }>('/sandbox/assets/*', async (request, reply) => {
      const asset = bundle?.assets.get(request.params['*']);
      if (!bundle || !asset) return reply.callNotFound();
      reply.header('etag', bundle.etag);
      if (request.headers['if-none-match'] === bundle.etag) return reply.code(304).send();
      return reply.type(asset.contentType).send(createReadStream(asset.path));
    });
  });
}
