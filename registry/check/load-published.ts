/** Loads the limits and bans that go to gateways with every bundle. */
import type { z } from 'zod';
import { createCostCeiling } from '../../gateway/demand/cost-ceiling.ts';
import { loadYaml } from '../../gateway/load-yaml.ts';
import type { Roles } from '../../gateway/principal.ts';
import { StartupError } from '../../gateway/startup-error.ts';
import { publishedBans, publishedLimits } from '../bundle/limits-and-bans.ts';
import type { BundleContent } from '../bundle/write-bundle.ts';

/** YAML or JSON files. */
export interface PublishedSources {
  readonly limits?: string | undefined;
  readonly bans?: string | undefined;
}

/**
 * Nothing of what there is no file for.
 *
 * @param roles where they are published too: no ceiling may be of another @throws StartupError that lists every problem with its path
 */
export async function loadPublished(
  { limits: limitsFile, bans: bansFile }: PublishedSources,
  roles: Roles | undefined,
): Promise<Pick<BundleContent, 'limits' | 'bans'>> {
  const limits = limitsFile === undefined ? undefined : await load(publishedLimits, limitsFile, 'limits');
  const bans = bansFile === undefined ? undefined : await load(publishedBans, bansFile, 'bans');
  if (roles && limits?.maxCostByRole) createCostCeiling(1, limits.maxCostByRole, roles);
  return { ...(limits && { limits }), ...(bans && { bans }) };
}

async function load<Schema extends z.ZodType>(
  schema: Schema,
  path: string,
  what: string,
): Promise<z.output<Schema>> {
  const parsed = schema.safeParse(await loadYaml(path, `file of ${what}`));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path: at, message }) => `  ${at.join('.') || what}: ${message}`,
  );
  throw new StartupError(`The ${what} of ${path} have problems.\n${problems.join('\n')}`);
}
