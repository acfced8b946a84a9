/** The mini-program client for gateways that want requests signed: everything that `@minigate/client/signing` exports. */
import { type Client, type ClientOptions, createClient as createPlainClient } from './create-client.ts';
import { signRequests } from './sign-requests.ts';

export type * from './index.ts';

/** As that of `@minigate/client`, and signs: see docs/signed-requests.md. */
export function createClient(options: ClientOptions): Client {
  return createPlainClient(Object.assign({}, options, { wx: signRequests(options) }));
}
