/** Decides by host and header which of several environments a request is for. */
import type { IncomingHttpHeaders } from 'node:http';
import { RequestError } from './errors.ts';
import type { EnvironmentSettings } from './settings/environment-settings.ts';

/** What a mini-program says of its version: `develop`, `trial` or `release`. */
export const environmentHeader = 'minigate-env';

/** @returns the name of the environment @throws ENVIRONMENT_NOT_SERVED */
export type ChooseName = (headers: IncomingHttpHeaders) => string;

/**
 * A host that is listed decides; on any other host the header does, and without it the default. A header is never passed
 * over: one that is not listed, or that contradicts the host, refuses the request. Where no environment lists any the header
 * means nothing.
 */
export function createChooseName(environments: readonly EnvironmentSettings[]): ChooseName {
  const byHost = new Map(
    environments.flatMap(({ name, hosts }) => hosts.map((host) => [host, name] as const)),
  );
  const byHeader = new Map(
    environments.flatMap(({ name, envVersions }) => envVersions.map((value) => [value, name] as const)),
  );
  const defaultName = environments.find((one) => one.default)?.name;
  return (headers) => {
    const ofHost = byHost.get(toHostname(headers.host));
    const value = headers[environmentHeader];
    if (value === undefined || byHeader.size === 0) return ofHost ?? defaultName ?? refuse();
    const ofHeader = byHeader.get(value as string);
    if (ofHeader === undefined || (ofHost !== undefined && ofHost !== ofHeader)) return refuse();
    return ofHeader;
  };
}

function refuse(): never {
  throw new RequestError(
    'ENVIRONMENT_NOT_SERVED',
    `No environment is served here by this host and ${environmentHeader}.`,
  );
}

/** Without port, in lower case. */
function toHostname(host = ''): string {
  return host.replace(/:\d*$/, '').toLowerCase();
}
