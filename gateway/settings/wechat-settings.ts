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

export const wechatSettings = z.strictObject({
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .refine(
      (url) => url.startsWith('https://') || !URL.canParse(url) || isLoopback(new URL(url).hostname),
      'must be https: the secrets of the mini-programs are sent there',
    )
    .default('https://api.weixin.qq.com')
    .describe("WeChat's server."),
  apps: z
    .record(z.string(), z.union([z.string().min(1), app]))
    .default({})
    .describe(
      'The mini-programs, by app id: their secret, or { secret | secretFile, push, apiSecurity } as docs/wechat.md says.',
    ),
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

/** Headers are trusted only where nobody else can send them. */
export function mayTrustHeaders(
  host: string,
  { trustedHeaders, publicAccess }: { trustedHeaders: boolean; publicAccess?: boolean | undefined },
): boolean {
  return !trustedHeaders || publicAccess === false || (publicAccess === undefined && isLoopback(host));
}
