/** The signature between gateway and subgraphs, for any team's subgraph: check it, or make one for a service call. */
// biome-ignore lint/performance/noBarrelFile: the one entry of a package that other repositories install
export { type Caller, HEADER } from './canonical-request.ts';
export { createNonceMemory, type NonceMemoryOptions } from './nonce-memory.ts';
export { type RequestToSign, signRequest } from './sign-request.ts';
export {
  type ReceivedRequest,
  UnsignedRequestError,
  type VerifyOptions,
  verifyRequest,
} from './verify-request.ts';
