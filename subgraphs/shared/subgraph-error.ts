/** Errors of the example subgraphs that carry a code: what the person asking cannot mend by other input. */
import { GraphQLError } from 'graphql';
import type { Caller } from '../verify/index.ts';

export function subgraphError(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}

/** @throws UNAUTHENTICATED unless a logged-in user asks */
export function requireUser(caller: Caller): Extract<Caller, { kind: 'user' }> {
  if (caller.kind !== 'user') throw subgraphError('UNAUTHENTICATED', 'Log in first.');
  return caller;
}

/** @throws FORBIDDEN unless another service of the shop asks: people never reach internal mutations */
export function requireService(caller: Caller): void {
  if (caller.kind !== 'service') throw subgraphError('FORBIDDEN', 'Only other services may do this.');
}

/** @throws UNAUTHENTICATED for a guest, FORBIDDEN for a user below ADMIN */
export function requireAdmin(caller: Caller): void {
  const { roles } = requireUser(caller);
  if (!includesAdmin(roles)) throw subgraphError('FORBIDDEN', 'Only an administrator may do this.');
}

/** @throws UNAUTHENTICATED for a guest, FORBIDDEN for a user whose roles do not give the permission */
export function requireScope(caller: Caller, scope: string): void {
  const { scopes } = requireUser(caller);
  if (!scopes.includes(scope)) throw subgraphError('FORBIDDEN', `This needs the permission ${scope}.`);
}

export function mayActFor(caller: Caller, userId: string): boolean {
  return caller.kind === 'user' && (caller.userId === userId || includesAdmin(caller.roles));
}

function includesAdmin(roles: readonly string[]): boolean {
  return roles.includes('ADMIN') || roles.includes('SUPER');
}
