/** Loads what belongs to each mini-program: its secret, the keys of its message push and those of its API security. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { WechatAppSettings } from '../../settings/wechat-settings.ts';
import { StartupError } from '../../startup-error.ts';
import { type ApiProtection, createApiProtection, toApiKeys } from './api-protection.ts';
import type { PushKeys } from './push-seal.ts';

export interface WechatApp {
  readonly secret: string;
  readonly push: PushKeys | undefined;
  readonly protection: ApiProtection | undefined;
}

export type WechatApps = ReadonlyMap<string, WechatApp>;

/** @throws StartupError naming the file or key that is wrong, never its content */
export async function loadWechatApps(
  settings: Readonly<Record<string, string | WechatAppSettings>>,
  now: () => number,
): Promise<WechatApps> {
  const entries = Object.entries(settings).map(async ([appId, given]): Promise<[string, WechatApp]> => {
    const app: WechatAppSettings = typeof given === 'string' ? { secret: given } : given;
    const secret = app.secret ?? (await read(appId, `${app.secretFile}`)).trim();
    if (secret === '') throw new StartupError(`The secret of ${appId} is empty.`);
    return [appId, { secret, push: app.push, protection: await loadProtection(appId, app, now) }];
  });
  return new Map(await Promise.all(entries));
}

async function loadProtection(
  appId: string,
  { apiSecurity }: WechatAppSettings,
  now: () => number,
): Promise<ApiProtection | undefined> {
  if (!apiSecurity) return undefined;
  const { symmetricKeySerial, symmetricKey, privateKeyFile, platformCertificateFiles } = apiSecurity;
  const privateKeyPem = await read(appId, privateKeyFile);
  const platformPems = await Promise.all(
    Object.entries(platformCertificateFiles).map(async ([serial, path]) => [serial, await read(appId, path)]),
  );
  try {
    const keys = toApiKeys({
      appId,
      symmetricKeySerial,
      symmetricKeyBase64: symmetricKey,
      privateKeyPem,
      platformPems: Object.fromEntries(platformPems),
    });
    return createApiProtection(keys, { now, randomBytes });
  } catch (cause) {
    throw new StartupError(`The keys of apiSecurity of ${appId} cannot be used: RSA and AES256 are.`, {
      cause,
    });
  }
}

async function read(appId: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new StartupError(`The file ${path} of the mini-program ${appId} cannot be read.`, { cause });
  }
}
