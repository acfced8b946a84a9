/** Logging in from the sandbox. The token stays in the page's memory: reloading the page logs out. */
import type { SandboxLogin } from '../sandbox-config.ts';

export interface Session {
  readonly login: SandboxLogin;
  readonly accessToken: string;
  readonly userId: string;
  readonly roles: readonly string[];
  /** When the token is renewed, half a minute before it ends. */
  readonly renewAtMs: number;
}

export interface LoginOptions {
  readonly loginPath: string;
  readonly login: SandboxLogin;
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
}

/** Shows itself to the person in the bar. */
export class LoginError extends Error {
  override readonly name = 'LoginError';
  /** In Chinese, where the gateway gave one. */
  readonly userMessage: string | undefined;

  constructor(message: string, userMessage?: string) {
    super(message);
    this.userMessage = userMessage;
  }
}

interface LoginAnswer {
  readonly accessToken?: string;
  readonly expiresInSeconds?: number;
  readonly user?: { readonly id: string; readonly roles: readonly string[] };
  readonly errors?: readonly { readonly message: string; readonly extensions?: { userMessage?: string } }[];
}

/** @throws LoginError when the gateway refuses or cannot be reached */
export async function logIn({ loginPath, login, fetch, now }: LoginOptions): Promise<Session> {
  const askedAtMs = now();
  const answer = await post(fetch, loginPath, { appId: login.appId, code: login.code });
  const { accessToken, expiresInSeconds, user, errors } = answer;
  if (!accessToken || !user) {
    const [error] = errors ?? [];
    throw new LoginError(error?.message ?? 'The login was not answered.', error?.extensions?.userMessage);
  }
  return {
    login,
    accessToken,
    userId: user.id,
    roles: user.roles,
    renewAtMs: askedAtMs + ((expiresInSeconds ?? 900) - 30) * 1_000,
  };
}

async function post(fetch: LoginOptions['fetch'], path: string, body: object): Promise<LoginAnswer> {
  try {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
    return (await response.json()) as LoginAnswer;
  } catch {
    throw new LoginError('The gateway cannot be reached.', '无法连接网关。');
  }
}
