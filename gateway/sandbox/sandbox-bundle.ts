/** Bundles the sandbox's page and Monaco's workers by esbuild, once per version of sources and packages. */
import { createHash, randomUUID } from 'node:crypto';
import { copyFile, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface SandboxBundle {
  /** Changes whenever a file of the bundle may have changed. */
  readonly etag: string;
  /** The only files that are served, by name. */
  readonly assets: ReadonlyMap<string, { readonly path: string; readonly contentType: string }>;
}

const here = fileURLToPath(new URL('.', import.meta.url));
const pageFolder = join(here, 'page');
const modules = fileURLToPath(new URL('../../node_modules/', import.meta.url));

export const defaultCacheFolder = join(modules, '.cache/minigate/sandbox');

/** Finds the bundle in the cache folder, or builds it there; several processes may do so at once. */
export async function loadSandboxBundle(cacheFolder: string): Promise<SandboxBundle> {
  const version = await toVersion();
  const folder = join(cacheFolder, version);
  if (!(await isFolder(folder))) await buildInto(folder);

  const contentTypes: Record<string, string> = {
    '.js': 'text/javascript; charset=utf-8',
    '.css': 'text/css; charset=utf-8',
    '.svg': 'image/svg+xml',
  };
  const names = await readdir(folder);
  const assets = names.map((name) => {
    const contentType = contentTypes[extname(name)] ?? 'application/octet-stream';
    return [name, { path: join(folder, name), contentType }] as const;
  });
  return { etag: `"${version}"`, assets: new Map(assets) };
}

/** A hash of what the bundle is made from: this file, the page's sources, and every installed package's version. */
async function toVersion(): Promise<string> {
  const sources = (await readdir(pageFolder)).sort().map((name) => join(pageFolder, name));
  const hash = createHash('sha256');
  for (const path of [fileURLToPath(import.meta.url), ...sources, join(modules, '.package-lock.json')]) {
    hash.update(await readFile(path)).update('\0');
  }
  return hash.digest('hex').slice(0, 20);
}

/** Builds beside the folder and renames, so that a folder with the right name is always whole. */
async function buildInto(folder: string): Promise<void> {
  const draft = `${folder}.${randomUUID()}`;
  try {
    await build(draft);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await isFolder(folder))) throw error;
  }
}

async function build(outdir: string): Promise<void> {
  // A development dependency: a production image has no sandbox, and must start without it.
  const esbuild = await import('esbuild');
  const shared = { bundle: true, minify: true, outdir, target: 'es2022', logLevel: 'silent' } as const;
  await Promise.all([
    esbuild.build({
      ...shared,
      entryPoints: { page: join(pageFolder, 'page.ts') },
      format: 'esm',
      splitting: true,
      define: { 'process.env.NODE_ENV': '"production"' },
      // Monaco's own style sheets are part of GraphiQL's, which the page's style sheet imports.
      loader: { '.css': 'empty' },
    }),
    esbuild.build({ ...shared, entryPoints: { page: join(pageFolder, 'page.css') } }),
    esbuild.build({
      ...shared,
      format: 'iife',
      entryPoints: {
        'editor.worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
        'json.worker': 'monaco-editor/esm/vs/language/json/json.worker.js',
        'graphql.worker': 'monaco-graphql/esm/graphql.worker.js',
      },
      absWorkingDir: here,
    }),
  ]);
  await copyFile(join(pageFolder, 'icon.svg'), join(outdir, 'icon.svg'));
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
