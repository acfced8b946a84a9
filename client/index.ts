/** The mini-program client of Minigate: everything that `@minigate/client` exports. */
// biome-ignore lint/performance/noBarrelFile: the one entry of a package that other repositories install
export {
  type CallOptions,
  type Client,
  type ClientOptions,
  createClient,
  type Operation,
  type Pending,
} from './create-client.ts';
export type { ClientError, ErrorKind, Failure, GraphqlError, Result, Success } from './result.ts';
export type { User } from './session.ts';
export type { WxRuntime } from './wx-runtime.ts';
