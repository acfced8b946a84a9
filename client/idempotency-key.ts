/** Names one mutation or login, so that sending it twice does it once. */
import { toHex } from './bytes.ts';
import type { WxRuntime } from './wx-runtime.ts';

/** 32 hex digits. */
export function createIdempotencyKey(wx: WxRuntime): Promise<string> {
  return new Promise((resolve) => {
    const fallBack = () => resolve(toHex(weakBytes()));
    try {
      wx.getRandomValues({
        length: 16,
        success: ({ randomValues }) => resolve(toHex(new Uint8Array(randomValues))),
        fail: fallBack,
      });
    } catch {
      fallBack();
    }
  });
}

/** Good enough here: the key has to differ from other keys of the same person, not to be a secret. */
function weakBytes(): Uint8Array {
  return new Uint8Array(16).map(() => Math.floor(Math.random() * 256));
}
