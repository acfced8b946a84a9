/** Reads manifests of registered operations: Apollo's persisted-query format, version 1. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { StartupError } from '../startup-error.ts';
import { documentIdOf, type RegisteredOperation } from './safelist.ts';

/** A file, and whose operations it holds. */
export interface ManifestSource {
  readonly file: string;
  readonly client?: string | undefined;
  readonly version?: string | undefined;
  readonly appId?: string | undefined;
}

const manifestSchema = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(
    z
      .object({
        // Apollo's own tool writes the bare hash.
        id: z.string().transform((id) => (/^[0-9a-f]{64}$/.test(id) ? `sha256:${id}` : id)),
        body: z.string(),
        name: z.string().min(1),
        type: z.enum(['query', 'mutation', 'subscription']),
        clientName: z.string().nullish(),
        /** Ours; other readers of the format pass it over. */
        maxAgeSeconds: z.int().positive().optional(),
      })
      .refine(
        ({ id, body }) => id === documentIdOf(body),
        'the id must be sha256: and the SHA-256 of the body; a changed document is a new operation with a new id',
      ),
  ),
});

/** All operations of the manifests; a mere path is a file for any client. @throws StartupError */
export async function loadManifests(
  sources: readonly (string | ManifestSource)[],
): Promise<RegisteredOperation[]> {
  const loaded = sources.map((source) =>
    loadManifest(typeof source === 'string' ? { file: source } : source),
  );
  return (await Promise.all(loaded)).flat();
}

async function loadManifest({
  file,
  client,
  version,
  appId,
}: ManifestSource): Promise<RegisteredOperation[]> {
  const manifest = manifestSchema.safeParse(await loadJson(file));
  if (!manifest.success)
    throw new StartupError(
      `${file} is not a manifest of persisted operations. Write it anew by \`npm run codegen\`.\n${z.prettifyError(manifest.error)}`,
    );
  return manifest.data.operations.map(({ clientName, ...operation }) => {
    if (client && clientName && client !== clientName)
      throw new StartupError(
        `${file} is set up as the manifest of the client ${client}, but its operation ${operation.name} is one of ${clientName}.`,
      );
    return {
      ...operation,
      client: client ?? clientName ?? undefined,
      version,
      appIds: appId ? [appId] : undefined,
    };
  });
}

async function loadJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new StartupError(`${path} cannot be read as JSON: ${(cause as Error).message}`, { cause });
  }
}
