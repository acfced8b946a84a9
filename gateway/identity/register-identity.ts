/** Asks the user subgraph who is behind a WeChat identity; the first login makes the user. */
import { z } from 'zod';
import { RequestError } from '../errors.ts';
import type { SubgraphClient, SubgraphTarget } from '../upstream/subgraph-client.ts';

export interface RegisteredUser {
  readonly userId: string;
  readonly roles: readonly string[];
}

export interface IdentityToRegister {
  readonly appId: string;
  readonly openid: string;
  readonly unionid: string | undefined;
}

const mutation = `mutation RegisterWechatIdentity($appId: String!, $openid: String!, $unionid: String) {
  registerWechatIdentity(appId: $appId, openid: $openid, unionid: $unionid) { userId roles }
}`;

const registered = z.object({
  registerWechatIdentity: z.object({ userId: z.string(), roles: z.array(z.string()) }),
});

/** @throws LOGIN_UNAVAILABLE */
export async function registerIdentity(
  subgraphs: SubgraphClient,
  target: SubgraphTarget | undefined,
  identity: IdentityToRegister,
  requestId: string,
  deadlineMs: number,
): Promise<RegisteredUser> {
  const answer =
    target &&
    (await subgraphs.send(target, JSON.stringify({ query: mutation, variables: identity }), {
      caller: { kind: 'service', name: 'gateway' },
      requestId,
      idempotencyKey: undefined,
      deadlineMs,
    }));
  const data = registered.safeParse(answer?.data);
  if (data.success) return data.data.registerWechatIdentity;
  throw new RequestError('LOGIN_UNAVAILABLE', 'Login is not available now.', { 'retry-after': '2' });
}
