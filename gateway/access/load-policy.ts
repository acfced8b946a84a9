/** Loads what says who may ask what: the policy module, and the file whose roles and permissions replace the module's. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadYaml } from '../load-yaml.ts';
import { StartupError } from '../startup-error.ts';
import { type AccessData, parseAccessData } from './access-data.ts';
import { checkPolicy } from './check-policy.ts';
import type { Policy } from './policy.ts';
import { roles as shopRoles } from './roles.ts';
import { isShieldRule } from './shield.ts';

export interface PolicySources {
  /** A module. Without one everything is open that nothing else protects. */
  readonly policy?: string | undefined;
  /** YAML or JSON. */
  readonly file?: string | undefined;
}

/** @throws StartupError */
export async function loadPolicy({ policy: path, file }: PolicySources): Promise<Policy> {
  const module = path === undefined ? {} : await loadModule(path);
  if (path !== undefined && !module.rules)
    throw new StartupError(
      `The policy ${path} must export \`rules\`, and \`roles\` unless a file has them; gateway/access/rules.ts is an example.`,
    );
  refuseOtherThanRules(path, { ...module.rules, policies: module.policies ?? {} });
  const { roles, permissions } = module;
  const own = parseAccessData({ roles, permissions }, `the policy ${path}`);
  const data: AccessData =
    file === undefined ? {} : parseAccessData(await loadYaml(file, 'access file'), file);
  const policy: Policy = {
    rules: module.rules,
    roles: data.roles ?? own.roles ?? (path === undefined ? shopRoles : {}),
    permissions: data.permissions ?? own.permissions ?? {},
    policies: module.policies ?? {},
  };
  checkPolicy(policy);
  return policy;
}

/** A name that was misspelt where it was imported is `undefined` here. */
function refuseOtherThanRules(path: string | undefined, tree: Readonly<Record<string, unknown>>): void {
  const wrong = Object.entries(tree).flatMap(([typeName, entry]) => {
    if (isShieldRule(entry)) return [];
    if (typeof entry !== 'object' || entry === null) return [typeName];
    return Object.entries(entry).flatMap(([field, one]) =>
      isShieldRule(one) ? [] : [`${typeName}.${field}`],
    );
  });
  if (wrong.length > 0)
    throw new StartupError(`The policy ${path} has something other than a rule at ${wrong.join(', ')}.`);
}

async function loadModule(path: string): Promise<Partial<Policy>> {
  try {
    return await import(pathToFileURL(resolve(path)).href);
  } catch (cause) {
    throw new StartupError(`The policy ${path} cannot be loaded: ${(cause as Error).message}`, { cause });
  }
}
