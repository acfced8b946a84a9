import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFileSource } from '../../../gateway/supergraph/file-source.ts';
import type { ReleaseSource } from '../../../gateway/supergraph/release.ts';

let folder: string;
let served: string[];
let events: unknown[];
let source: ReleaseSource | undefined;
let refuse: (sdl: string) => boolean;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'minigate-file-'));
  served = [];
  events = [];
  refuse = () => false;
});
afterEach(async () => {
  await source?.close();
  rmSync(folder, { recursive: true });
});

async function follow(path: string): Promise<ReleaseSource> {
  const serve = async ({ supergraphSdl }: { supergraphSdl: string }): Promise<void> => {
    if (refuse(supergraphSdl)) throw new Error(`${supergraphSdl} makes no sense`);
    served.push(supergraphSdl);
  };
  source = createFileSource({
    ...{ path, intervalMs: 10, now: Date.now },
    onTrouble: ({ message }) => events.push(message),
    onRecovered: () => events.push('recovered'),
    onSilent: () => events.push('silent'),
  });
  await source.begin(serve);
  source.follow(serve);
  return source;
}

/** As Kubernetes lays out a ConfigMap: the file is a link into `..data`, which is a link that is swapped. */
function writeConfigMap(content: string): string {
  const revision = `..${served.length}-${Math.random()}`;
  mkdirSync(join(folder, revision));
  writeFileSync(join(folder, revision, 'supergraph.graphql'), content);
  symlinkSync(revision, join(folder, '..data_tmp'));
  renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
  const path = join(folder, 'supergraph.graphql');
  if (served.length === 0) symlinkSync('..data/supergraph.graphql', path);
  return path;
}

test('what a ConfigMap holds after its links were swapped is served', async () => {
  await follow(writeConfigMap('one'));
  writeConfigMap('two');
  await expect.poll(() => served).toEqual(['one', 'two']);
  expect(events).toEqual([]);
});

test('a file that is written anew is served, and one that is the same as before is not', async () => {
  const path = join(folder, 'supergraph.graphql');
  writeFileSync(path, 'one');
  await follow(path);
  writeFileSync(path, 'one');
  writeFileSync(`${path}.new`, 'two');
  renameSync(`${path}.new`, path);
  await expect.poll(() => served).toEqual(['one', 'two']);
});

test('B-37 while the file is away or makes no sense the last one is kept, told of once, and looked for again', async () => {
  const path = join(folder, 'supergraph.graphql');
  writeFileSync(path, 'one');
  const following = await follow(path);
  rmSync(path);
  await expect.poll(() => events).toEqual([expect.stringContaining('ENOENT')]);
  expect(following.state()).toMatchObject({ kind: 'file', trouble: { code: 'ENOENT' } });
  refuse = (sdl) => sdl === 'nonsense';
  writeFileSync(path, 'nonsense');
  await expect.poll(() => events.at(-1)).toBe('nonsense makes no sense');
  writeFileSync(path, 'two');
  await expect.poll(() => served).toEqual(['one', 'two']);
  await expect.poll(() => events.at(-1)).toBe('recovered');
});

test('a file that is not there is told of at the start', async () => {
  await expect(follow(join(folder, 'nowhere'))).rejects.toThrow('cannot be read');
});
