/** `wx` storage in memory, with WeChat's limits. */
import { answer, type Callbacks, WxError } from './wx-callbacks.ts';

const maxEntryBytes = 1024 * 1024;
const maxTotalBytes = 10 * 1024 * 1024;

type Ok = { errMsg: string };

export function createWxStorage() {
  const entries = new Map<string, string>();

  function set(name: string, key: string, value: unknown): void {
    const text = JSON.stringify(value);
    const bytes = Buffer.byteLength(text);
    if (bytes > maxEntryBytes) throw new WxError(`${name}:fail data exceed max size ${maxEntryBytes}B`);
    const others = [...entries].filter(([other]) => other !== key);
    const total = others.reduce((sum, [, other]) => sum + Buffer.byteLength(other), bytes);
    if (total > maxTotalBytes) throw new WxError(`${name}:fail exceed storage max size 10Mb`);
    entries.set(key, text);
  }

  function get(key: string): unknown {
    const text = entries.get(key);
    return text === undefined ? undefined : JSON.parse(text);
  }

  return {
    getStorageSync: (key: string): unknown => get(key) ?? '',
    setStorageSync: (key: string, value: unknown): void => set('setStorageSync', key, value),
    removeStorageSync: (key: string): void => void entries.delete(key),
    getStorage: (option: Callbacks<Ok & { data: unknown }> & { key: string }) =>
      answer('getStorage', option, () => {
        const data = get(option.key);
        if (data === undefined) throw new WxError('getStorage:fail data not found');
        return { data };
      }),
    setStorage: (option: Callbacks<Ok> & { key: string; data: unknown }) =>
      answer('setStorage', option, () => {
        set('setStorage', option.key, option.data);
        return {};
      }),
    removeStorage: (option: Callbacks<Ok> & { key: string }) =>
      answer('removeStorage', option, () => {
        entries.delete(option.key);
        return {};
      }),
  };
}
