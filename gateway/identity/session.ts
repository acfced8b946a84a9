/** What is known of a session. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';

/** One login of one person; its refresh tokens, each the successor of another, are one family and end with it. */
const sessionSchema = z.object({
  version: z.literal(1),
  id: z.string(),
  userId: z.string(),
  roles: z.array(z.string()),
  /** When the roles were last asked for; milliseconds since 1970. */
  rolesAt: z.number(),
  /** The program that the person logged in with: a mini-program, or who is configured to log in staff. */
  appId: z.string(),
  /** Who the person is to that program. */
  openid: z.string(),
  unionid: z.string().optional(),
  /** Where one gateway serves several: nowhere else does the session hold. */
  environment: z.string().optional(),
  /** Milliseconds since 1970. */
  createdAt: z.number(),
  /** Which of the keys that can be derived for this session signs its requests. */
  signingKeyGeneration: z.int().positive(),
});

export type Session = Readonly<z.output<typeof sessionSchema>>;
/** `userId` is the account: it names the user among those of all environments. */
export type NewSession = Pick<Session, 'userId' | 'roles' | 'appId' | 'openid' | 'unionid' | 'environment'>;
/** Who a person is to one program. */
export type SessionIdentity = Pick<Session, 'userId' | 'appId' | 'openid'>;

/** `undefined` for anything but a session of this version. */
export function parseSession(text: string): Session | undefined {
  try {
    return sessionSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** 192 random bits: nobody guesses one from others. */
export function createSessionId(): string {
  return randomBytes(24).toString('base64url');
}
