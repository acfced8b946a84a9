/** Names the model of the phone to the gateway, without telling it: many logins from one are weighed, and prove nothing. */
import { toUtf8 } from './bytes.ts';
import type { WxRuntime } from './wx-runtime.ts';

/**
 * 16 hex digits, others in each mini-program; `undefined` where WeChat does not tell. Not SHA-256, which only clients that
 * sign carry: there are so few models that a hash of any kind hides them only from who does not look.
 */
export function createDeviceId({ getDeviceInfo }: WxRuntime, appId: string): string | undefined {
  try {
    return getDeviceInfo && hash(appId + JSON.stringify(getDeviceInfo()));
  } catch {
    return undefined;
  }
}

/** FNV-1a of 32 bits, forwards and backwards. */
function hash(text: string): string {
  const bytes = Array.from(toUtf8(text));
  const halves = [bytes, bytes.slice().reverse()].map((each) =>
    each.reduce((state, byte) => Math.imul(state ^ byte, 0x01000193), 0x811c9dc5),
  );
  return halves.map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}
