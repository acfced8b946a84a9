/** Sends mutations signed by WeChat's key of the phone where the gateway asks for it, as docs/signed-requests.md says. */
import { createIdempotencyKey } from './idempotency-key.ts';
import { isObject } from './result.ts';
import { codeOf, headerOf, toSignature, toSkewMs } from './signature.ts';
import type { WxRequestTask, WxResponse, WxRuntime, WxUserKey } from './wx-runtime.ts';

export interface UserKeyOptions {
  readonly wx: WxRuntime;
  /** Sends what is signed. */
  readonly request: WxRuntime['request'];
  /** The gateway's address, as the client has it. */
  readonly url: string;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

type RequestOption = Parameters<WxRuntime['request']>[0];

/**
 * A mutation that the gateway refuses for want of the signature was not run: it is signed and sent again, and from then
 * on signed at once. A second refusal may come of a key or a clock that has just changed; a third is answered.
 */
export function signByUserKey({ wx, request, url, now = Date.now }: UserKeyOptions): WxRuntime['request'] {
  const origin = String(url).replace(/\/+$/, '');
  const wanted: Record<string, boolean> = {};
  let audience = '';
  let skewMs = 0;

  function learn(response: WxResponse, documentId: string): void {
    wanted[documentId] = true;
    audience = headerOf(response, 'minigate-audience');
    const found = toSkewMs(response, now());
    if (found !== undefined) skewMs = found;
  }

  /** `undefined` on a phone that has no such keys. */
  async function sign(option: RequestOption): Promise<string | undefined> {
    const key = await loadUserKey(wx);
    if (!key) return undefined;
    const nonce = await createIdempotencyKey(wx);
    const seconds = Math.floor((now() + skewMs) / 1000);
    const by = { key: key.encryptKey, keyId: `wx.${key.version}`, audience, seconds, nonce };
    return toSignature(option, origin, by);
  }

  return (option) => {
    const documentId = mutationOf(option);
    if (!documentId) return request(option);
    let task: WxRequestTask | undefined;
    let isAborted = false;

    const send = (signature: string | undefined, triesLeft: number): void => {
      if (isAborted) {
        option.fail({ errMsg: 'request:fail abort' });
        return;
      }
      const success = async (response: WxResponse): Promise<void> => {
        if (triesLeft === 0 || codeOf(response) !== 'USER_SIGNATURE_INVALID') return option.success(response);
        learn(response, documentId);
        const next = await sign(option);
        if (next) send(next, triesLeft - 1);
        else option.success(response);
      };
      const header = signature
        ? Object.assign({}, option.header, { 'minigate-user-signature': signature })
        : option.header;
      try {
        task = request(Object.assign({}, option, { header, success }));
      } catch (error) {
        option.fail({ errMsg: String(error) });
      }
    };

    if (wanted[documentId]) void sign(option).then((signature) => send(signature, 1));
    else send(undefined, 2);
    return {
      abort() {
        isAborted = true;
        if (task) task.abort();
      },
    };
  };
}

/** The document id of a mutation; empty for anything else. Only mutations carry a key of their own to the gateway. */
function mutationOf({ header, data }: RequestOption): string {
  if (!header['idempotency-key']) return '';
  const body: unknown = JSON.parse(data);
  return isObject(body) && typeof body.documentId === 'string' ? body.documentId : '';
}

function loadUserKey(wx: WxRuntime): Promise<WxUserKey | undefined> {
  return new Promise((resolve) => {
    const none = () => resolve(undefined);
    try {
      if (wx.getUserCryptoManager)
        wx.getUserCryptoManager().getLatestUserKey({ success: resolve, fail: none });
      else none();
    } catch {
      none();
    }
  });
}
