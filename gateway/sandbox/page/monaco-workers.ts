/** Tells Monaco where its workers are: files of the gateway, so that the page needs no `blob:` address. */

interface BrowserWithMonaco {
  readonly Worker: new (url: string) => object;
  MonacoEnvironment?: { getWorker(workerId: string, label: string): object };
}

export function registerMonacoWorkers(): void {
  const browser = globalThis as unknown as BrowserWithMonaco;
  browser.MonacoEnvironment = {
    getWorker(_workerId, label) {
      const name = label === 'json' || label === 'graphql' ? label : 'editor';
      return new browser.Worker(`/sandbox/assets/${name}.worker.js`);
    },
  };
}
