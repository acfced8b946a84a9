/** How `wx` functions answer: by `success`, `fail` and `complete`, or by a promise when none of them is given. */

export interface WxFailure {
  readonly errMsg: string;
  readonly errno?: number;
}

export interface Callbacks<Result> {
  success?: ((result: Result) => void) | undefined;
  fail?: ((failure: WxFailure) => void) | undefined;
  complete?: ((outcome: Result | WxFailure) => void) | undefined;
}

/** What `wx` functions throw and reject with: an error that has an `errMsg`. */
export class WxError extends Error implements WxFailure {
  readonly errMsg: string;
  constructor(errMsg: string) {
    super(errMsg);
    this.errMsg = errMsg;
  }
}

/** Runs the work of `wx.<name>` and answers as the caller asked. Callbacks never run before the call returns. */
export function answer<Work>(
  name: string,
  callbacks: Callbacks<Work & { errMsg: string }>,
  work: () => Work | Promise<Work>,
): Promise<Work & { errMsg: string }> | undefined {
  const { success, fail, complete } = callbacks;
  const running = Promise.resolve()
    .then(work)
    .then((result) => ({ ...result, errMsg: `${name}:ok` }));
  if (!success && !fail && !complete) return running;
  running.then(
    (result) => settle(callbacks, { result }),
    (error: unknown) => settle(callbacks, { failure: toWxFailure(name, error) }),
  );
  return undefined;
}

/** Calls back outside of any promise, so that what a callback throws is the program's error, not ours. */
export function settle<Result>(
  { success, fail, complete }: Callbacks<Result>,
  outcome: { readonly result: Result } | { readonly failure: WxFailure },
): void {
  setImmediate(() => {
    if ('result' in outcome) success?.(outcome.result);
    else fail?.(outcome.failure);
    complete?.('result' in outcome ? outcome.result : outcome.failure);
  });
}

function toWxFailure(name: string, error: unknown): WxFailure {
  return error instanceof WxError ? { errMsg: error.errMsg } : { errMsg: `${name}:fail ${String(error)}` };
}
