/** Runs the demo mini-program without its screen: the app and its pages, on a phone and a small gateway. */
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { startMiniProgram } from './mini-program.ts';

const root = 'client/demo';

/** What WeChat makes of a page definition. */
export type Page = Record<string, (event?: object) => unknown> & {
  data: Record<string, unknown>;
  setData(change: object): void;
};

/** What a tap on an element with these `data-…` attributes hands to its handler. */
export const tapOn = (dataset: Record<string, string>) => ({ currentTarget: { dataset } });

export async function startDemo() {
  const program = await startMiniProgram();
  const { device, gateway } = program;
  /** What the person saw besides the pages, in order: toasts, dialogs, other pages. */
  const seen: object[] = [];
  let app: object = {};
  let definition: object = {};
  const wx = {
    ...device.wx,
    request: (option: { url: string }) =>
      device.wx.request({ ...option, url: option.url.replace('http://127.0.0.1:4000', gateway.url) }),
    showToast: (toast: object) => seen.push(toast),
    showModal: async (modal: object) => {
      seen.push(modal);
      return { confirm: true };
    },
    switchTab: (target: object) => seen.push(target),
    stopPullDownRefresh: () => {},
  };
  const context = createContext({
    wx,
    App: (given: object) => {
      app = given;
    },
    Page: (given: object) => {
      definition = given;
    },
    getApp: () => app,
  });

  function load(path: string): unknown {
    const module = { exports: {} };
    const require = (name: string) => load(posix.join(posix.dirname(path), name));
    const code = readFileSync(posix.join(root, path), 'utf8');
    runInContext(`(function (module, exports, require) { ${code}\n })`, context, { filename: path })(
      module,
      module.exports,
      require,
    );
    return module.exports;
  }

  load('app.js');
  (app as { onLaunch(): void }).onLaunch();
  return {
    gateway,
    seen,
    /** Opens it as WeChat does, and hands the page over. */
    async open(path: string, query: object = {}): Promise<Page> {
      load(`${path}.js`);
      const page: Page = Object.assign(Object.create(definition), {
        data: structuredClone((definition as Page).data),
        setData: (change: object) => Object.assign(page.data, change),
      });
      page.onLoad?.(query);
      page.onShow?.();
      return page;
    },
    close: program.close,
  };
}
