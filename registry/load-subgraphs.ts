/** Reads the list of subgraphs in a `supergraph.yaml` (the format that rover reads) with their schema files. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import type { SubgraphSchema } from './compose.ts';

const supergraphConfig = z.strictObject({
  federation_version: z.union([z.string(), z.number()]).optional(),
  subgraphs: z
    .record(
      z
        .string()
        .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, 'a subgraph name is a letter, then letters, digits, - and _'),
      z.strictObject({ routing_url: z.url(), schema: z.strictObject({ file: z.string() }) }),
    )
    .refine((subgraphs) => Object.keys(subgraphs).length > 0, 'at least one subgraph is needed'),
});

/** The configuration or a schema file cannot be read; the message names the file and the remedy. */
export class SupergraphConfigError extends Error {
  override readonly name = 'SupergraphConfigError';
}

/** @throws SupergraphConfigError */
export async function loadSubgraphs(configPath: string): Promise<SubgraphSchema[]> {
  const config = supergraphConfig.safeParse(parseConfig(await loadText(configPath), configPath));
  if (!config.success) {
    throw new SupergraphConfigError(
      `${configPath} is not a supergraph configuration:\n${z.prettifyError(config.error)}`,
    );
  }
  return Promise.all(
    Object.entries(config.data.subgraphs).map(async ([name, { routing_url, schema }]) => ({
      name,
      routingUrl: routing_url,
      sdl: await loadText(resolve(dirname(configPath), schema.file)),
    })),
  );
}

async function loadText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new SupergraphConfigError(`${path} cannot be read. Check the path and its permissions.`, { cause });
  }
}

function parseConfig(text: string, path: string): unknown {
  try {
    return parseYaml(text);
  } catch (cause) {
    throw new SupergraphConfigError(`${path} is not valid YAML: ${(cause as Error).message}`, { cause });
  }
}
