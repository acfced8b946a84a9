/** The settings of where the schema comes from: a file, the registry, or, in development, running subgraphs. */
import { z } from 'zod';

const namedAddress = /^([A-Za-z][A-Za-z0-9_-]*)=(https?:\/\/.+)$/;

export const supplySettings = {
  supergraph: z
    .string()
    .optional()
    .describe('File with the composed supergraph; another is served as it changes.'),
  registry: z.url().optional().describe('Address of the registry that delivers bundles, in place of a file.'),
  environment: z.string().min(1).default('release').describe('Of the registry: which environment to serve.'),
  subgraph: z
    .array(z.string().regex(namedAddress, 'must be NAME=URL'))
    .default([])
    .describe(
      'NAME=URL of a GraphQL server to introspect and serve, with --dev; may be given several times.',
    ),
};

/** One for the gateway, or each environment has its own. */
export function haveTokens(bundles: Tokens | undefined, environments: readonly Tokens[] = []): boolean {
  const isGiven = ({ token, tokenFile }: Tokens): boolean => Boolean(token || tokenFile);
  if (bundles && isGiven(bundles)) return true;
  return environments.length > 0 && environments.every(isGiven);
}

interface Tokens {
  readonly token?: string | undefined;
  readonly tokenFile?: string | undefined;
}

export const bundleSettings = z.strictObject({
  token: z
    .string()
    .optional()
    .describe('Token for gateways that the registry gave; in place of it `tokenFile`.'),
  tokenFile: z.string().optional().describe('File with the token.'),
  publicKeys: z
    .array(z.string())
    .default([])
    .describe('Ed25519 public keys, as base64 of the DER or as PEM. Only what one of them signed is served.'),
  copyFile: z
    .string()
    .default('.data/bundle')
    .describe('Keeps the last good bundle, to start from while the registry is away.'),
  intervalMs: z
    .int()
    .min(100)
    .default(2_000)
    .describe('Between questions to the registry whether there is more.'),
  waitMs: z
    .int()
    .min(0)
    .max(30_000)
    .default(10_000)
    .describe(
      'How long the registry may hold its answer until there is more, where no Redis tells of it; counts towards `intervalMs`. 0 where a proxy does not bear that.',
    ),
  timeoutMs: z.int().positive().default(15_000).describe('How long fetching a bundle may take.'),
  maxBytes: z.int().positive().default(67_108_864).describe('Largest bundle.'),
  usageIntervalMs: z
    .int()
    .min(0)
    .default(10_000)
    .describe('Between reports of which operations were used, and how many bans were set; 0 sends none.'),
});

/** Of a setting that has been checked. */
export function toNamedAddress(setting: string): { readonly name: string; readonly url: URL } {
  const [, name = '', url = ''] = namedAddress.exec(setting) ?? [];
  return { name, url: new URL(url) };
}
