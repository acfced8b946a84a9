/** Reads who asks from the headers that 微信云托管 sets on what comes by its private link. */
import type { IncomingHttpHeaders } from 'node:http';

export interface TrustedIdentity {
  readonly appId: string;
  readonly openid: string;
  readonly unionid: string | undefined;
}

/** Who the network itself vouches for; they need no code. */
export type ReadTrustedIdentity = (headers: IncomingHttpHeaders) => TrustedIdentity | undefined;

export interface TrustedHeadersOptions {
  /** Where anybody else can reach the gateway, anybody can write these headers. */
  readonly trustedHeaders: boolean;
  /** The apps served, by id. */
  readonly apps: { has(appId: string): boolean };
}

const appIdFormat = /^wx[0-9a-zA-Z]{1,62}$/;
const idFormat = /^[\w-]{1,128}$/;

/**
 * `undefined` where the headers are not trusted, or name no one person of one of our apps.
 * Another app that shares the container comes as X-WX-FROM-…; the plain headers are then absent.
 */
export function readTrustedIdentity(
  headers: IncomingHttpHeaders,
  { trustedHeaders, apps }: TrustedHeadersOptions,
): TrustedIdentity | undefined {
  if (!trustedHeaders || headers['x-wx-source'] === undefined) return undefined;
  const prefix = headers['x-wx-openid'] === undefined ? 'x-wx-from-' : 'x-wx-';
  const { [`${prefix}appid`]: appId, [`${prefix}openid`]: openid, [`${prefix}unionid`]: unionid } = headers;
  // Node joins a header that is sent twice by a comma, which no id has.
  if (!matches(appId, appIdFormat) || !matches(openid, idFormat) || !apps.has(appId)) return undefined;
  if (unionid !== undefined && unionid !== '' && !matches(unionid, idFormat)) return undefined;
  return { appId, openid, unionid: unionid || undefined };
}

function matches(value: string | string[] | undefined, format: RegExp): value is string {
  return typeof value === 'string' && format.test(value);
}
