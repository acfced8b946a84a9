/** What the gateway asks of the environments about their users: the user subgraph of each, and the bans that are published. */
import type { Config } from './config.ts';
import type { Environment, Environments } from './environments.ts';
import { scopeOf, toUserId } from './identity/account.ts';
import type { FindBan } from './identity/bans.ts';
import { forgetIdentity } from './identity/forget-identity.ts';
import type { LoginParts } from './identity/login.ts';
import { registerIdentity } from './identity/register-identity.ts';
import type { WechatUserEvent } from './identity/wechat/user-event.ts';

export interface UserServices {
  readonly register: LoginParts['register'];
  /** In every environment that keeps users: a mini-program is the same in all. @throws when one of them did not do it, and all may be asked again */
  forget(event: WechatUserEvent): Promise<void>;
  readonly findPublishedBan: FindBan;
  /** Whether a client has registered operations anywhere. */
  isKnownClient(name: string): boolean;
}

export function createUserServices(config: Config, environments: Environments): UserServices {
  const deadline = (): number => performance.now() + config.limits.requestTimeoutMs;
  const userSubgraph = ({ generations }: Environment) =>
    generations.current().subgraphs.get(config.wechat.userSubgraph);
  const isOne = config.environments.length === 0;
  return {
    async register(identity, requestId, scope) {
      const environment = environments.of(scope);
      const target = userSubgraph(environment);
      return registerIdentity(environment.subgraphs, target, identity, requestId, deadline());
    },
    async forget(event) {
      const all = environments.scopes.map(environments.of);
      const keeping = all.filter((one) => userSubgraph(one) !== undefined);
      await Promise.all(
        (keeping.length > 0 ? keeping : all).map((one) =>
          forgetIdentity(one.subgraphs, userSubgraph(one), event, deadline()),
        ),
      );
    },
    findPublishedBan(account, appId) {
      const scope = isOne ? undefined : scopeOf(account);
      return environments.of(scope).generations.current().bans.find(toUserId(scope, account), appId);
    },
    isKnownClient: (name) =>
      environments.all().some(({ generations }) => generations.current().safelist().clients.has(name)),
  };
}
