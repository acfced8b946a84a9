/** The part of `wx` that the client uses, as structural types: the real object fits, and so does a stand-in. */

/** What WeChat hands to `fail`; `errno` exists from base library 2.24.0. */
export interface WxFailure {
  readonly errMsg?: string;
  readonly errno?: number;
}

export interface WxResponse {
  /** Parsed JSON, or the raw text when the body is not JSON. */
  readonly data: unknown;
  readonly statusCode: number;
  /** The case of the names differs between platforms. */
  readonly header: Readonly<Record<string, unknown>>;
}

/** A key that WeChat gives to the phone and to the mini-program's server, and to nobody between them. */
export interface WxUserKey {
  /** Base64 of 16 bytes. */
  readonly encryptKey: string;
  readonly version: number;
}

export interface WxRequestTask {
  abort(): void;
}

export interface WxRuntime {
  request(option: {
    url: string;
    method: 'POST';
    header: Record<string, string>;
    data: string;
    /** Milliseconds. */
    timeout: number;
    /** Called for every HTTP status. */
    success: (response: WxResponse) => void;
    /** Called when no response came. */
    fail: (failure: WxFailure) => void;
  }): WxRequestTask;
  login(option: {
    /** Milliseconds. */
    timeout: number;
    success: (result: { readonly code: string }) => void;
    fail: (failure: WxFailure) => void;
  }): unknown;
  getRandomValues(option: {
    /** Bytes. */
    length: number;
    success: (result: { readonly randomValues: ArrayBuffer }) => void;
    fail: (failure: WxFailure) => void;
  }): unknown;
  /** From base library 2.20.1 on. */
  readonly getDeviceInfo?: (() => object) | undefined;
  /** From base library 2.17.3. Only for mutations that WeChat's key of the phone must sign. */
  getUserCryptoManager?(): {
    getLatestUserKey(option: {
      success: (key: WxUserKey) => void;
      fail: (failure: WxFailure) => void;
    }): unknown;
  };
  /** Empty text when there is no such key. */
  getStorageSync(key: string): unknown;
  /** Throws when the value or the whole storage is too large. */
  setStorageSync(key: string, value: unknown): void;
}
