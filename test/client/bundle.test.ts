import { readFile } from 'node:fs/promises';
import { createContext, runInContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundleLibrary, bundleSigning } from '../../client/bundle.ts';
import type { createApi } from '../../client/demo/generated/operations.ts';
import type { createClient } from '../../client/index.ts';
import { startMiniProgram } from './mini-program.ts';

const folder = 'client/demo/generated/';
const demo = await readFile(`${folder}minigate.js`, 'utf8');
const library = await bundleLibrary();
const signing = await bundleSigning();
const bundles = [
  ['the demo', demo],
  ['the library', library],
  ['the library that signs', signing],
] as const;

interface Exports {
  readonly createClient: typeof createClient;
  readonly createApi: typeof createApi;
}

/** What a phone has besides the language itself. */
function createPhoneGlobals() {
  const module = { exports: {} as Exports };
  const require = (name: string) => {
    throw new Error(`module '${name}' is not defined`);
  };
  return { wx: {}, setTimeout, clearTimeout, console, require, module, exports: module.exports };
}

function loadBare(code: string): Exports {
  const globals = createPhoneGlobals();
  runInContext(code, createContext(globals));
  return globals.module.exports;
}

/** Loads it in a scope that notes every free name as it is read, and has only what phones have. */
function loadWatched(code: string): { exports: Exports; namesRead: ReadonlySet<PropertyKey> } {
  const globals: Record<PropertyKey, unknown> & { module: { exports: Exports } } = createPhoneGlobals();
  const context = createContext({});
  const language = runInContext('globalThis', context);
  const namesRead = new Set<PropertyKey>();
  context.scope = new Proxy(globals, {
    has: () => true,
    get(target, name) {
      if (name === Symbol.unscopables) return undefined;
      namesRead.add(name);
      if (name in target) return target[name];
      if (name in language) return language[name];
      throw new ReferenceError(`${String(name)} is not defined`);
    },
  });
  runInContext(`with (scope) { (function () { ${code}\n })() }`, context);
  return { exports: globals.module.exports, namesRead };
}

describe('in a context with nothing but wx, timers, console and modules', () => {
  let program: Awaited<ReturnType<typeof startMiniProgram>>;
  beforeEach(async () => {
    program = await startMiniProgram();
  });
  afterEach(() => program.close());

  const clientOptions = () => ({
    wx: program.device.wx,
    url: program.gateway.url,
    appId: 'wx00000000000000a1',
    clientName: 'minigate-demo',
    clientVersion: '1.0.0',
  });

  it('the demo bundle logs in, runs a query and a mutation by their ids', async () => {
    const { createClient, createApi } = loadBare(demo);
    const api = createApi(createClient(clientOptions()));

    expect(await api.productPage({ id: 'p1' })).toEqual({ ok: true, data: { echo: { id: 'p1' } } });
    expect(await api.cancelOrder({ id: 'o1' })).toEqual({ ok: true, data: { echo: { id: 'o1' } } });
    const { operations } = JSON.parse(await readFile(`${folder}manifest.json`, 'utf8'));
    const idOf = (name: string) =>
      operations.find((operation: { name: string }) => operation.name === name).id;
    expect(program.gateway.received.map(({ path, body }) => [path, body.documentId])).toEqual([
      ['/auth/wechat/login', undefined],
      ['/graphql', idOf('ProductPage')],
      ['/graphql', idOf('CancelOrder')],
    ]);
  });

  it.each(bundles)('%s reads no free name but those of the language and of modules', async (_name, code) => {
    const { exports, namesRead } = loadWatched(code);
    const client = exports.createClient(clientOptions());
    await client.request({ id: 'sha256:0', name: 'Change', type: 'mutation' });
    program.gateway.answer = (_request, response) => void response.destroy();
    await client.request({ id: 'sha256:0', name: 'Echo', type: 'query' });

    const always = ['Array', 'Date', 'JSON', 'Math', 'Object', 'Promise', 'Uint8Array', 'module'];
    const toSign = code === signing ? ['String', 'Uint32Array'] : [];
    expect([...namesRead].sort()).toEqual([...always, ...toSign].sort());
  });
});

it('a free name that phones do not have is caught, even under typeof', () => {
  expect(() => loadWatched('typeof TextEncoder')).toThrow('TextEncoder is not defined');
});

describe.each(bundles)('the text of %s', (_name, code) => {
  it('names no global of browsers or Node', () => {
    const forbidden =
      /\b(fetch|XMLHttpRequest|WebSocket|Headers|AbortController|AbortSignal|FormData|Blob|File|URL|URLSearchParams|TextEncoder|TextDecoder|crypto|atob|btoa|structuredClone|queueMicrotask|localStorage|sessionStorage|window|self|document|location|navigator|globalThis|global|process|Buffer|setImmediate|eval|Function|Proxy|import)\b/g;
    expect(code.match(forbidden)).toBeNull();
  });

  it('is ES2017: no optional chaining, no ??, no object spread, no class, no private field', () => {
    expect(code.match(/\?\.(?!\d)|\?\?|\{\s*\.\.\.|\bclass\b|#\w+ *[=(]/g)).toBeNull();
  });
});

it('the library is under 8 KB, and under 12 KB where it signs', () => {
  expect(Buffer.byteLength(library)).toBeLessThan(8 * 1024);
  expect(Buffer.byteLength(signing)).toBeLessThan(12 * 1024);
});

it('who does not sign carries nothing of signing', () => {
  for (const word of [/signature/i, /Uint32Array/, /4294967296/]) {
    expect(signing).toMatch(word);
    expect(library).not.toMatch(word);
  }
});

it('the demo bundle holds no GraphQL text: no definition, and no line of any registered body', async () => {
  const { operations } = JSON.parse(await readFile(`${folder}manifest.json`, 'utf8')) as {
    operations: { body: string }[];
  };
  const lines = operations.flatMap(({ body }) => body.split('\n').map((line) => line.trim()));
  // Shorter lines are words that any program has: `id`, `name`, `}`.
  const telling = [...new Set(lines)].filter((line) => line.length >= 8);

  expect(telling.length).toBeGreaterThan(30);
  expect(telling.filter((line) => demo.includes(line))).toEqual([]);
  expect(
    demo.match(/\b(query|mutation|subscription|fragment)\s+\w+\s*[({]|\bfragment\s+\w+\s+on\b/g),
  ).toBeNull();
});
