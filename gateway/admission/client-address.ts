/** Tells the network address of a client, also behind proxies: but only those that are known to be ours are believed. */
import { isIPv4 } from 'node:net';
import { type AddressRange, createRangeMap, parseAddress, toAddressText } from '../address.ts';

/**
 * @param peer address of the socket
 * @param forwardedFor value of `X-Forwarded-For`, where each proxy has added on the right whom it was asked by
 */
export type ToClientAddress = (peer: string, forwardedFor: string | undefined) => string;

/**
 * The nearest address that no proxy of ours has: what stands left of it in the header is whatever that client wrote. No
 * other header is read. In its one form; empty for a peer without an address.
 *
 * @param onUntrusted told of each request that was forwarded by a peer that is not trusted
 */
export function createToClientAddress(
  trustedProxies: readonly AddressRange[],
  onUntrusted: () => void,
): ToClientAddress {
  const isTrusted = createRangeMap(trustedProxies.map((range) => [range, true]));
  return (peer, forwardedFor) => {
    // Its only form.
    if (forwardedFor === undefined && isIPv4(peer)) return peer;
    let nearest = parseAddress(peer);
    if (nearest === undefined) return '';
    if (forwardedFor !== undefined) {
      if (!isTrusted(nearest)) onUntrusted();
      let rest = forwardedFor;
      while (rest !== '' && isTrusted(nearest)) {
        const comma = rest.lastIndexOf(',');
        const before = parseAddress(rest.slice(comma + 1).trim());
        if (before === undefined) break;
        nearest = before;
        rest = rest.slice(0, Math.max(0, comma));
      }
    }
    return toAddressText(nearest);
  };
}
