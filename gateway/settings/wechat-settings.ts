/** The settings of WeChat: where its server is, which mini-programs are served, and what each has set up in its console. */
import { z } from 'zod';

const push = z.strictObject({
  token: z.string().regex(/^\w{3,32}$/),
  encodingAesKey: z.string().regex(/^[A-Za-z\d+/]{43}$/, 'must have the 43 characters of EncodingAESKey'),
});

const apiSecurity = z.strictObject({
  symmetricKeySerial: z.string().min(1),
  symmetricKey: z.base64(),
  privateKeyFile: z.string(),
  /** WeChat's certificates in PEM, by serial number. */
  platformCertificateFiles: z
    .record(z.string(), z.string())
    .refine((files) => Object.keys(files).length > 0, 'needs one certificate at least'),
});

const app = z
  .strictObject({
    secret: z.string().min(1).optional(),
    secretFile: z.string().optional(),
    push: push.optional(),
    apiSecurity: apiSecurity.optional(),
  })
  .refine(({ secret, secretFile }) => (secret === undefined) !== (secretFile === undefined), {
    path: ['secret'],
    error: 'give either secret or secretFile',
  });

export type WechatAppSettings = z.output<typeof app>;

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);

const serverUrl = z
  .url({ protocol: /^https?$/ })
  .refine(
    (url) => url.startsWith('https://') || !URL.canParse(url) || isLoopback(new URL(url).hostname),
    'must be https: the secrets of the mini-programs are sent there',
  );

const corp = z
  .strictObject({ secret: z.string().min(1).optional(), secretFile: z.string().optional() })
  .refine(({ secret, secretFile }) => (secret === undefined) !== (secretFile === undefined), {
    path: ['secret'],
    error: 'give either secret or secretFile',
  });

export const wechatSettings = z.strictObject({
  baseUrl: serverUrl.default('https://api.weixin.qq.com').describe("WeChat's server."),
  apps: z
    .record(z.string(), z.union([z.string().min(1), app]))
    .default({})
    .describe(
      'The mini-programs, by app id: their secret, or { secret | secretFile, push, apiSecurity } as docs/wechat.md says.',
    ),
  wecom: z
    .strictObject({
      baseUrl: serverUrl.default('https://qyapi.weixin.qq.com').describe("WeCom's server (企业微信)."),
      corps: z
        .record(z.string(), z.union([z.string().min(1), corp]))
        .default({})
        .describe('Companies whose members log in, by corp id: the secret of the linked app.'),
    })
    .prefault({}),
  timeoutMs: z.int().positive().default(2_000).describe('How long WeChat may take.'),
  trustedHeaders: z
    .boolean()
    .default(false)
    .describe('Whether X-WX-OPENID and its like say who asks. Only behind the private link of 微信云托管.'),
  publicAccess: z
    .boolean()
    .optional()
    .describe('Whether anything but that link reaches the gateway; must be false for trustedHeaders.'),
  userSubgraph: z
    .string()
    .default('user')
    .describe('The subgraph that keeps users and their WeChat identities.'),
});

export type WechatSettings = z.output<typeof wechatSettings>;

interface CodeLogins {
  readonly apps?: object | undefined;
  readonly wecom?: { readonly corps?: object | undefined } | undefined;
}

/** Whether what logs in staff can be told apart, by its names, from each other and from what logs in by a code. */
export function hasNamesOfTheirOwn(names: readonly string[], wechat: CodeLogins | undefined): boolean {
  const taken = { ...wechat?.apps, ...wechat?.wecom?.corps };
  return new Set(names).size === names.length && !names.some((name) => Object.hasOwn(taken, name));
}

/** Whether anybody logs in by a code. */
export function logsIn(wechat: CodeLogins | undefined): boolean {
  return [wechat?.apps, wechat?.wecom?.corps].some((each) => Object.keys(each ?? {}).length > 0);
}

/** Headers are trusted only where nobody else can send them. */
export function mayTrustHeaders(
  host: string,
  { trustedHeaders, publicAccess }: { trustedHeaders: boolean; publicAccess?: boolean | undefined },
): boolean {
  return !trustedHeaders || publicAccess === false || (publicAccess === undefined && isLoopback(host));
}
