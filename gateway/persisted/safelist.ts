/** The operations that clients have registered: the only ones that a gateway in production runs. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { StartupError } from '../startup-error.ts';

export interface RegisteredOperation {
  /** `sha256:` and the SHA-256 of `body` in hexadecimal. */
  readonly id: string;
  readonly body: string;
  readonly name: string;
  readonly type: 'query' | 'mutation' | 'subscription';
}

export type Safelist = ReadonlyMap<string, RegisteredOperation>;

/** Apollo's persisted-query manifest, version 1. */
const manifestSchema = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(
    z
      .object({
        id: z.string(),
        body: z.string(),
        name: z.string(),
        type: z.enum(['query', 'mutation', 'subscription']),
      })
      .refine(
        ({ id, body }) => id === documentIdOf(body),
        'the id must be sha256: and the SHA-256 of the body',
      ),
  ),
});

export function documentIdOf(body: string): string {
  return `sha256:${createHash('sha256').update(body).digest('hex')}`;
}

/** All operations of the manifests together. @throws StartupError */
export async function loadSafelist(paths: readonly string[]): Promise<Safelist> {
  const manifests = await Promise.all(paths.map(loadManifest));
  return new Map(manifests.flat().map((operation) => [operation.id, operation]));
}

async function loadManifest(path: string): Promise<RegisteredOperation[]> {
  const manifest = manifestSchema.safeParse(await loadJson(path));
  if (manifest.success) return manifest.data.operations;
  throw new StartupError(
    `${path} is not a manifest of persisted operations. Write it anew by \`npm run codegen\`.\n${z.prettifyError(manifest.error)}`,
  );
}

async function loadJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new StartupError(`${path} cannot be read as JSON: ${(cause as Error).message}`, { cause });
  }
}
