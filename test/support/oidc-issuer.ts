/** An OpenID Connect issuer of a few lines: its discovery, its keys, and ID tokens that say what a test wants. */
import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface OidcStandIn {
  readonly issuer: string;
  /** Requests for the keys so far. */
  keyRequests(): number;
  /** Other keys beside the real one. */
  extraKeys: object[];
  isAway: boolean;
  /** From now on it signs by a new key, and lists only that. */
  rotate(): void;
  idToken(claims?: object, header?: object): string;
  close(): Promise<void>;
}

export const clientId = 'minigate-staff';

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export async function startOidcIssuer(): Promise<OidcStandIn> {
  let count = 0;
  const createKey = (): { kid: string; key: KeyObject } => {
    count += 1;
    return { kid: `key-${count}`, key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey };
  };
  let current = createKey();
  let requests = 0;
  const server = createServer((request, response) => {
    if (issuer.isAway) return void request.socket.destroy();
    response.setHeader('content-type', 'application/json');
    if (request.url === '/.well-known/openid-configuration')
      return void response.end(JSON.stringify({ issuer: issuer.issuer, jwks_uri: `${issuer.issuer}/keys` }));
    requests += 1;
    const jwk = createPublicKey(current.key).export({ format: 'jwk' });
    response.end(
      JSON.stringify({ keys: [...issuer.extraKeys, { ...jwk, kid: current.kid, alg: 'ES256', use: 'sig' }] }),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer: OidcStandIn = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keyRequests: () => requests,
    extraKeys: [],
    isAway: false,
    rotate() {
      current = createKey();
    },
    idToken(claims = {}, header = {}) {
      const iat = Math.floor(Date.now() / 1000);
      const payload = {
        ...{
          iss: issuer.issuer,
          aud: clientId,
          sub: 'staff-7',
          iat,
          exp: iat + 300,
          groups: ['shop-admins'],
        },
        ...claims,
      };
      const content = `${encode({ alg: 'ES256', kid: current.kid, ...header })}.${encode(payload)}`;
      const signature = sign('sha256', Buffer.from(content), { key: current.key, dsaEncoding: 'ieee-p1363' });
      return `${content}.${signature.toString('base64url')}`;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return issuer;
}
