/** The settings of signed requests; docs/signed-requests.md says what they do. */
import { z } from 'zod';

const loginPath = '/auth/wechat/login';

export const signingSettings = z.strictObject({
  keys: z
    .array(z.strictObject({ id: z.string().regex(/^[a-z0-9]{1,16}$/), secret: z.string().min(32) }))
    .default([])
    .describe('Master keys as { id, secret }: the first is for new logins, the others still hold.'),
  audience: z
    .string()
    .min(1)
    .optional()
    .describe('What this deployment is called in signatures, such as https://api.example.com.'),
  requiredPaths: z
    .array(z.string().refine((path) => path !== loginPath, 'there is no key before the login'))
    .default([])
    .describe('Paths whose requests must be signed, such as /graphql.'),
  requiredClients: z
    .array(z.string())
    .default([])
    .describe(
      'Whose operations must be signed: clients, by the name that they send, and mini-programs, by the appId that their users logged in with.',
    ),
  userKeyMutations: z
    .array(z.string().regex(/^[_A-Za-z]\w*$/, 'must be the name of a field of Mutation'))
    .default([])
    .describe("Fields of Mutation, such as createOrder, that WeChat's key of the phone must sign."),
  maxNonces: z
    .int()
    .positive()
    .default(200_000)
    .describe('Signed requests of ten minutes, where they are kept in memory.'),
});
