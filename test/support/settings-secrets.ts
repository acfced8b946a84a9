/** The secrets among the settings of a test's gateway, and among those that a program is given. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { ConfigInput } from '../../gateway/config.ts';

interface SecretSettings
  extends Pick<ConfigInput, 'internalKey' | 'wechat' | 'signing' | 'session' | 'bundles'> {
  readonly redis?: { readonly url?: string | undefined } | undefined;
}

export function secretsOf({
  internalKey,
  wechat,
  signing,
  session,
  redis,
  bundles,
}: SecretSettings): (string | undefined)[] {
  return [
    internalKey,
    bundles?.token,
    ...Object.values(wechat?.wecom?.corps ?? {}).map((corp) =>
      typeof corp === 'string' ? corp : corp.secret,
    ),
    ...Object.values(wechat?.apps ?? {}).flatMap((app) =>
      typeof app === 'string' ? app : [app.secret, app.push?.encodingAesKey, app.apiSecurity?.symmetricKey],
    ),
    ...(signing?.keys ?? []).map(({ secret }) => secret),
    ...(session?.encryptionKeys ?? []),
    redis?.url === undefined ? undefined : new URL(redis.url).password,
  ];
}

/** Of the file that `--config` names, if it is one that can be read. */
function secretsInFile(path: string | undefined): (string | undefined)[] {
  try {
    return secretsOf(parse(readFileSync(path ?? '', 'utf8')));
  } catch {
    return [];
  }
}

const secretName = /(secret|internal[-_]key|encryption[-_]keys?|token|password)$/i;

/** @param args of which a flag has its value behind it */
export function secretsGiven(args: readonly string[], env: NodeJS.ProcessEnv): (string | undefined)[] {
  const flags = args.map((arg, index) => [arg, args[index + 1]] as const);
  const named = [...flags, ...Object.entries(env)].flatMap(([name, value]) =>
    secretName.test(name) ? [value] : [],
  );
  const files = flags.flatMap(([name, value]) => (name === '--config' ? secretsInFile(value) : []));
  return [...named, ...files];
}
