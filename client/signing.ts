/** The mini-program client for gateways that want requests signed: everything that `@minigate/client/signing` exports. */
import { type Client, type ClientOptions, createClient as createPlainClient } from './create-client.ts';
import { signByUserKey } from './sign-by-user-key.ts';
import { signRequests } from './sign-requests.ts';

export type * from './index.ts';

/** As that of `@minigate/client`, and signs: see docs/signed-requests.md. */
export function createClient(options: ClientOptions): Client {
  const { wx, url, now } = options;
  const signed = signRequests(options);
  // Outermost: what it sends again is signed by the session anew.
  const request = signByUserKey(Object.assign({ wx, request: signed.request, url }, now && { now }));
  return createPlainClient(Object.assign({}, options, { wx: Object.assign({}, signed, { request }) }));
}
