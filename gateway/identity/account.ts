/**
 * Names of users where one gateway serves several environments. Each has users of its own, and `u-1` of one may be somebody
 * else in another: so sessions, bans and rates go by `dev/u-1`, and only subgraphs and rules see the user id.
 */

/** The environment that users are of; `undefined` where one alone is served, and the account is the user id. */
export type Scope = string | undefined;

export function toAccount(scope: Scope, userId: string): string {
  return scope === undefined ? userId : `${scope}/${userId}`;
}

export function isAccountOf(scope: Scope, account: string): boolean {
  return scope === undefined || account.startsWith(`${scope}/`);
}

export function toUserId(scope: Scope, account: string): string {
  return scope === undefined ? account : account.slice(scope.length + 1);
}

/** Of an account that has one. */
export function scopeOf(account: string): string {
  return account.slice(0, Math.max(0, account.indexOf('/')));
}
