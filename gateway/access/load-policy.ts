/** Loads the module that says which role may ask what. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Roles } from '../principal.ts';
import { StartupError } from '../startup-error.ts';

import type { RuleTree } from './rules.ts';

export interface Policy {
  readonly rules: RuleTree;
  readonly roles: Roles;
}

/** @throws StartupError */
export async function loadPolicy(path: string): Promise<Policy> {
  const module: unknown = await import(pathToFileURL(resolve(path)).href).catch((cause: unknown) => {
    throw new StartupError(`The policy ${path} cannot be loaded: ${(cause as Error).message}`, { cause });
  });
  const policy = module as Partial<Policy>;
  if (policy.rules && policy.roles) return { rules: policy.rules, roles: policy.roles };
  throw new StartupError(
    `The policy ${path} must export \`rules\` and \`roles\`; gateway/access/rules.ts is an example.`,
  );
}
