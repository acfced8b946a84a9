/** A `wx` whose requests are signed by the key that the gateway gave at login, as docs/signed-requests.md says. */
import { createIdempotencyKey } from './idempotency-key.ts';
import { isObject } from './result.ts';
import { codeOf, toSignature, toSkewMs } from './signature.ts';
import type { WxRequestTask, WxResponse, WxRuntime } from './wx-runtime.ts';

export interface SigningOptions {
  readonly wx: WxRuntime;
  /** The gateway's address, as the client has it. */
  readonly url: string;
  readonly appId: string;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

interface SigningKey {
  /** Base64. */
  readonly signingKey: string;
  readonly signingKeyId: string;
  readonly signingAudience: string;
}

type RequestOption = Parameters<WxRuntime['request']>[0];

/** Their answers bring the key, so they are not signed themselves. */
const keyPaths = ['/auth/wechat/login', '/auth/refresh'];

/** A clock that differs by less was not why a signature was refused. */
const tellingSkewMs = 30_000;

/**
 * Signs once a login or a refresh has brought a key; a gateway that gives none is sent what it was sent before. A signature that is
 * refused by the clock is made again by the gateway's time. One that is refused though the clock is right is answered
 * as 401: the key is no longer good, and a refresh or a login brings another.
 */
export function signRequests({ wx, url, appId, now = Date.now }: SigningOptions): WxRuntime {
  const origin = String(url).replace(/\/+$/, '');
  const storageKey = `minigate-signing:${origin}:${appId}`;
  let key: SigningKey | undefined;
  let isRead = false;
  let skewMs = 0;

  function currentKey(): SigningKey | undefined {
    if (!isRead) {
      isRead = true;
      key = loadKey(wx, storageKey);
    }
    return key;
  }

  function keepKey(found: SigningKey | undefined): void {
    isRead = true;
    key = found;
    try {
      wx.setStorageSync(storageKey, found || '');
    } catch {
      // A full storage costs one more login at the next start, nothing else.
    }
  }

  /** Whether the clock was so far off that another signature may hold. */
  function setClock(response: WxResponse): boolean {
    const found = toSkewMs(response, now());
    if (found === undefined) return false;
    const isTelling = Math.abs(found - skewMs) > tellingSkewMs;
    skewMs = found;
    return isTelling;
  }

  function request(option: RequestOption): WxRequestTask {
    let task: WxRequestTask | undefined;
    let isAborted = false;
    const sendOnce = (header: Record<string, string>, success: RequestOption['success']): void => {
      try {
        task = wx.request(Object.assign({}, option, { header, success }));
      } catch (error) {
        option.fail({ errMsg: String(error) });
      }
    };
    const send = async (isRepeated: boolean): Promise<void> => {
      const by = currentKey();
      const nonce = by && (await createIdempotencyKey(wx));
      if (isAborted) return option.fail({ errMsg: 'request:fail abort' });
      const seconds = Math.floor((now() + skewMs) / 1000);
      const header =
        by && nonce
          ? Object.assign({}, option.header, {
              'minigate-signature': toSignature(option, origin, {
                key: by.signingKey,
                keyId: by.signingKeyId,
                audience: by.signingAudience,
                seconds,
                nonce,
              }),
            })
          : option.header;
      sendOnce(header, (response) => {
        const code = codeOf(response);
        const isRefused = code === 'SIGNATURE_INVALID';
        const mayHold = isRefused ? by && setClock(response) : code === 'REPLAYED';
        if (mayHold && !isRepeated) {
          void send(true);
        } else if (isRefused) {
          if (by && key === by) keepKey(undefined);
          option.success(Object.assign({}, response, { statusCode: 401 }));
        } else {
          option.success(response);
        }
      });
    };

    if (keyPaths.some((path) => option.url === origin + path)) {
      return wx.request(
        Object.assign({}, option, {
          success: (response: WxResponse) => {
            if (response.statusCode === 200) keepKey(toKey(response.data));
            option.success(response);
          },
        }),
      );
    }
    void send(false);
    return {
      abort() {
        isAborted = true;
        if (task) task.abort();
      },
    };
  }

  return {
    request,
    login: (option) => wx.login(option),
    getRandomValues: (option) => wx.getRandomValues(option),
    getDeviceInfo: wx.getDeviceInfo,
    getStorageSync: (name) => wx.getStorageSync(name),
    setStorageSync: (name, value) => wx.setStorageSync(name, value),
  };
}

function toKey(value: unknown): SigningKey | undefined {
  if (!isObject(value)) return undefined;
  const { signingKey, signingKeyId, signingAudience } = value;
  return typeof signingKey === 'string' &&
    typeof signingKeyId === 'string' &&
    typeof signingAudience === 'string'
    ? { signingKey, signingKeyId, signingAudience }
    : undefined;
}

function loadKey(wx: WxRuntime, storageKey: string): SigningKey | undefined {
  try {
    return toKey(wx.getStorageSync(storageKey));
  } catch {
    return undefined;
  }
}
